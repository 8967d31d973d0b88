import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  type ProvenRegister,
  renderRenewalAsked,
  renderRenewalRequest,
  renewalName,
  type RenewalRequest,
} from "../trust/index.ts";
import { renderHex, sha256, systemChance } from "../../schemas/ground/index.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";
import { parseCertificate, parseRequest } from "../shape/index.ts";
import { makeHeldKey, makeKeyPair, makeRequest } from "../keys/index.ts";
import { type RenewalOutcome, type RenewalRound, tendRenewals } from "./renewals.ts";
import { withRenewed } from "./renewed-part.ts";
import { revokeCertificate } from "./revoke.ts";
import { issueCrl } from "./crl.ts";

const day = 86_400_000;
let world: RenewalWorld;
let folder = "";

beforeEach(async () => {
  world = await makeRenewalWorld(Date.UTC(2026, 0, 5, 9));
  folder = join(world.layout.home, "asked");
  mkdirSync(folder);
});

afterEach(() => world.stop());

/** Days pass, lists are made, and the register is the one of that day. */
async function pass(days: number): Promise<void> {
  world.clock.move(days * day);
  await world.tendOffices(["ng", "gh"]);
  for (const name of ["ng/tcu", "gh/tcu"]) world.party(name).hold(world.register());
}

async function tend(change: Partial<RenewalRound> = {}): Promise<RenewalOutcome> {
  const { authority, journal } = world.offices.all.get("ng")!;
  const ground = { register: world.register(), now: world.clock.now(), chance: systemChance };
  return await tendRenewals({ authority, journal, folder, ...ground, ...change });
}

interface Wish extends Partial<RenewalRequest> {
  /** Who signs. */
  readonly by?: string;
  /** Put in place of what the file would hold. */
  readonly file?: (usual: string) => string;
  readonly name?: string;
}

/** Lays a request into the folder; good but for what is said. Gives the new key's digest. */
async function ask({ by = "ng/tcu", file = (usual) => usual, name, ...change }: Wish = {}): Promise<string> {
  const key = makeKeyPair("P-256");
  const { spki } = makeHeldKey(key);
  const agency = change.agency ?? "ng/tcu";
  const asked = {
    kind: "LINK" as const,
    at: world.clock.now(),
    request: await makeRequest(agency, key),
    ...change,
    agency,
  };
  const signature = world.party(by).renewal.signer.sign("atumpan-renewal", renderRenewalAsked(asked));
  const text = file(renderRenewalRequest({ ...asked, signature, ...(change.signature && { signature: change.signature }) }));
  writeFileSync(join(folder, `${name ?? renewalName(asked.kind, spki)}.request`), text);
  return renderHex(sha256(spki));
} // prettier-ignore

async function codes(change: Partial<RenewalRound> = {}): Promise<readonly string[]> {
  const { added, refused } = await tend(change);
  expect(added).toEqual([]);
  return refused.map(({ code }) => code);
}

function issued(): number {
  return world.offices.all.get("ng")!.journal.events().filter(({ event }) => event === "issued").length; // prettier-ignore
}

describe("a request for a server's certificate", () => {
  it("by who has none is refused, and nothing is made: nobody becomes a hub by asking", async () => {
    await pass(61);
    await ask({ kind: "SERVER" });
    const before = issued();
    expect(await codes()).toEqual(["CSR_NAME_NOT_PERMITTED"]);
    expect(issued()).toBe(before);
  });
});

describe("a request for renewal", () => {
  it("by the agency, for a key it holds, when renewal is due, has its certificate made once", async () => {
    await pass(61);
    await ask();
    const before = issued();
    const { added, refused } = await tend();
    expect(refused).toEqual([]);
    expect(added).toMatchObject([{ agency: "ng/tcu", line: { kind: "LINK", endorsements: [] } }]);
    // the office ended before it published: the same line comes again, and nothing is made twice
    expect(await tend()).toEqual({ added, refused });
    expect(issued()).toBe(before + 1);
  });

  it("is done with once the register names its certificate", async () => {
    await pass(61);
    await ask();
    const { added } = await tend();
    const agency = world.register().agency("ng/tcu")!;
    const certificates = [...agency.certificates, ...added.map(({ line }) => ({ ...line, thumbprint: sha256(line.certificate) }))]; // prettier-ignore
    const register: ProvenRegister = { ...world.register(), agency: () => ({ ...agency, certificates }) }; // prettier-ignore
    expect(await tend({ register })).toEqual({ added: [], refused: [] });
  });

  it.each<readonly [string, Wish, string]>([
    ["whose time was changed", { file: (usual) => usual.replace(/(?<="at":\d{12})0/, "1") }, "SIGNATURE_INVALID"],
    ["signed by another agency", { by: "gh/tcu" }, "ORIGIN_MISMATCH"],
    ["with no signature of ours", { signature: "none" }, "SIGNATURE_MALFORMED"],
    ["of another state's agency", { agency: "gh/tcu", by: "gh/tcu" }, "CSR_NAME_NOT_PERMITTED"],
    ["of an agency that nobody knows", { agency: "ng/none" }, "CSR_NAME_NOT_PERMITTED"],
    ["under another key's name", { name: "link-0123456789abcdef" }, "CSR_INVALID"],
    ["of another kind than its name", { name: "signing-0123456789abcdef" }, "CSR_INVALID"],
    ["that is not JSON", { file: () => "{" }, "CSR_INVALID"],
    ["with a member that is not known", { file: (usual) => usual.replace("{", '{"days":9000,') }, "CSR_INVALID"],
    ["that is too large", { file: (usual) => usual + " ".repeat(70_000) }, "CSR_INVALID"],
    ["older than sixty days", { at: Date.UTC(2026, 0, 4) }, "CSR_INVALID"],
    ["from another time", { at: Date.UTC(2027, 0, 4) }, "CSR_INVALID"],
  ])("%s is refused", async (_name, wish, code) => {
    await pass(61);
    await ask(wish);
    const before = issued();
    expect(await codes()).toEqual([code]);
    expect(issued()).toBe(before);
  }); // prettier-ignore

  it("without possession of its key is refused", async () => {
    await pass(61);
    const request = Buffer.from(await makeRequest("ng/tcu", makeKeyPair("P-256")));
    const other = Buffer.from(await makeRequest("ng/tcu", makeKeyPair("P-256")));
    other.copy(request, request.length - 20, other.length - 20);
    const name = renewalName("LINK", parseRequest(request).spki);
    await ask({ request, name });
    expect(await codes()).toEqual(["CSR_POSSESSION_UNPROVEN"]);
  });

  it("before it is due is refused: a thief's key is not renewed on and on", async () => {
    await pass(40);
    await ask();
    expect(await codes()).toEqual(["CSR_INVALID"]);
  });

  it("of a suspended agency is refused", async () => {
    await pass(61);
    await ask();
    const view = world.register();
    const known = { ...view.agency("ng/tcu")!, suspendedFrom: world.clock.now() };
    expect(await codes({ register: { ...view, agency: () => known } })).toEqual([
      "MANDATE_SUSPENDED",
    ]);
  });

  it("signed by a certificate that was revoked is refused", async () => {
    await pass(61);
    await ask();
    const office = world.offices.all.get("ng")!;
    const now = world.clock.now();
    const { certificate } = world.register().agency("ng/tcu")!.certificates.find(({ kind }) => kind === "SIGNING")!;
    const { serial } = parseCertificate(certificate);
    revokeCertificate({ ...office, serial, reason: "KEY_COMPROMISE", now });
    const { der } = await issueCrl({ ...office, issuer: "ISSUING", now });
    const view = world.register();
    const authority = view.authority("ng")!;
    const revoked = { ...authority, crls: [...authority.crls, der] };
    const register = { ...view, key: "revoked", authority: () => revoked };
    expect(await codes({ register })).toEqual(["CERT_REVOKED"]);
  }); // prettier-ignore

  it("signed by a certificate that has ended is refused, but for a key an officer vouches for", async () => {
    await pass(91);
    const fingerprint = await ask();
    expect(await codes()).toEqual(["CERT_EXPIRED"]);
    expect(await codes({ vouched: new Set(["00"]) })).toEqual(["CERT_EXPIRED"]);
    expect((await tend({ vouched: new Set([fingerprint]) })).added).toHaveLength(1);
  });
});

describe("a request for a sealing key", () => {
  /** The gateway's own, up to the word of the key before. */
  async function endorse(): Promise<string> {
    const ng = world.party("ng/tcu");
    folder = join(world.layout.gateway("ng/tcu"), "renewal");
    await ng.renewal.tend();
    for (const file of readdirSync(folder).filter((one) => !one.startsWith("sealing"))) {
      rmSync(join(folder, file));
    }
    expect(await tend()).toEqual({ added: [], refused: [] });
    await ng.renewal.tend();
    const found = readdirSync(folder).find((file) => file.endsWith(".endorsement"))!;
    for (const file of readdirSync(folder).filter((one) => !one.startsWith("sealing"))) {
      rmSync(join(folder, file));
    }
    return join(folder, found);
  }

  it("waits for the word of the key before, and is published with it", async () => {
    await pass(61);
    await endorse();
    const { added } = await tend();
    expect(added).toMatchObject([
      { line: { kind: "SEALING", endorsements: [{ endorser: "ng/tcu" }] } },
    ]);
  });

  it("with another's word, or one that cannot be read, is not published", async () => {
    await pass(61);
    const file = await endorse();
    const good = readFileSync(file, "utf8");
    const { signature, ...rest } = JSON.parse(good) as { signature: string };
    const forged = world.party("gh/tcu").renewal.signer.sign("atumpan-sealing-key", Buffer.of(1));
    writeFileSync(file, JSON.stringify({ ...rest, signature: forged }));
    expect(await codes()).toEqual(["SEAL_KEY_UNCONFIRMED"]);
    writeFileSync(file, JSON.stringify({ ...rest, signature, thumbprint: "A".repeat(43) }));
    expect(await codes()).toEqual(["SEAL_KEY_UNCONFIRMED"]);
    writeFileSync(file, "{}");
    expect(await codes()).toEqual(["SIGNATURE_MALFORMED"]);
    writeFileSync(file, good);
    expect((await tend()).added).toHaveLength(1);
  });
});

describe("lines of a part", () => {
  it("stay beside the new one, and go when they are over for their kind; nothing goes where nothing comes", async () => {
    const { part } = world.register().trusted.parts.get("ng")!;
    await pass(61);
    await ask();
    const { added } = await tend();
    const kinds = (now: number, lines = added): readonly string[] =>
      withRenewed(part, lines, now)
        .agencies.find(({ agency }) => agency === "ng/tcu")!
        .certificates.map(({ kind }) => kind)
        .toSorted();
    const now = world.clock.now();
    expect(kinds(now)).toEqual(["LINK", "LINK", "SEALING", "SIGNING"]);
    expect(kinds(now + 32 * day)).toEqual(["LINK", "SEALING", "SIGNING"]);
    expect(kinds(now + 62 * day)).toEqual(["LINK", "SEALING"]);
    expect(kinds(now + 500 * day)).toEqual(["LINK"]);
    expect(kinds(now + 500 * day, [])).toEqual(["LINK", "SEALING", "SIGNING"]);
  });
});
