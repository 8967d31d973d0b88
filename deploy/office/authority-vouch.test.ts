import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  endorseSealingKey,
  loadKey,
  makeKeyPair,
  makeRequest,
  makeSigningKey,
} from "../../certs/keys/index.ts";
import { parseCertificate, parsePem, renderPem } from "../../certs/shape/index.ts";
import { renderCarriedEndorsement } from "../../certs/trust/index.ts";
import type { StatePart } from "../../schemas/index.ts";
import { renderHex } from "../../schemas/ground/index.ts";
import { digestFolder } from "../../test/kit/folder-digest.ts";
import { publishEdited, readEdited, runOffice } from "../../test/kit/office-run.ts";
import { editRegister, replaceRegister } from "../../test/kit/register-edit.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";

const agency = "gh/fiu";
let world: RenewalWorld;
let fingerprint: string;
let pieces: number;

async function begin(): Promise<void> {
  world = await makeRenewalWorld(Date.UTC(2026, 0, 5, 9));
  pieces = 0;
  fingerprint = await makeNewKey("new");
}

async function run(line: string) {
  return await runOffice(world, line.split(" "));
}

async function good(line: string): Promise<string> {
  const { code, out, err } = await run(line);
  expect([line, code, err]).toEqual([line, 0, ""]);
  return out;
}

const at = (name: string): string => join(world.layout.home, name);

/** The agency lost its sealing key; its office makes a certificate for a new one. Gives its fingerprint. */
async function makeNewKey(name: string): Promise<string> {
  const request = await makeRequest(agency, makeKeyPair("P-256"));
  writeFileSync(at(`${name}.csr`), renderPem("CERTIFICATE REQUEST", request));
  await good(
    `issue --folder authorities/gh --request ${name}.csr --agency ${agency} --kind SEALING --out ${name}.crt`,
  );
  const [der] = parsePem("CERTIFICATE", readFileSync(at(`${name}.crt`), "utf8"));
  return renderHex(parseCertificate(der!).thumbprint);
}

function vouch(by: string, change: Readonly<Record<string, string>> = {}): string {
  pieces += 1;
  const options = {
    agency,
    new: fingerprint,
    "as-agency": by,
    key: `gateways/${by}/keys/signing.key`,
    register: "register",
    out: `word-${pieces}`,
    ...change,
  };
  return `vouch ${Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]).join(" ")}`; // prettier-ignore
}

const endorse = "endorse word-1 word-2 --register register --certificate new.crt --out gh.json";

/** What the gateway of ng/tcu thinks of the new key. */
function pinAtOther(): string | undefined {
  const { office } = world.party("ng/tcu");
  return office.pins
    .list(true)
    .find((one) => one.agency === agency && one.fingerprint === fingerprint)?.state;
}

/** Tries an act, which leaves every byte of the folder, and then does it; what was said when it was done. */
async function tryAndDo(line: string, says: RegExp): Promise<string> {
  const before = digestFolder(world.layout.home);
  const tried = await good(`${line} --dry-run`);
  expect([tried, digestFolder(world.layout.home)]).toEqual([expect.stringMatching(/^Nothing was changed\. /), before]);
  expect(tried).toMatch(says);
  expect(JSON.parse(await good(`${line} --dry-run --json`))).toMatchObject({ tried: true });
  const done = await good(line);
  expect(digestFolder(world.layout.home)).not.toEqual(before);
  return done;
} // prettier-ignore

describe("atumpan authority vouch, endorse", () => {
  beforeEach(begin);
  afterEach(() => world.stop());

  it("two authorities vouch, the agency's own puts it in its part, and a gateway elsewhere seals to it", async () => {
    const first = vouch("gh/tcu");
    const own = await tryAndDo(
      first,
      /would be written: the word of gh, through gh\/tcu, .*\nIt would count together with that of another authority\.\n$/,
    );
    expect(own).toContain("the word of gh, through gh/tcu, that this key is gh/fiu's own");
    expect(own).toContain("together with that of another authority");
    const other = await good(vouch("ng/tcu"));
    expect(other).toContain("Next: give it to the office of gh");
    const told = await tryAndDo(
      endorse,
      /gh\.json would be written: the part of gh; .* with the word of gh, ng\.\nOthers would seal to this key of gh\/fiu/,
    );
    expect(told).toContain("with the word of gh, ng");
    expect(told).toContain("Others seal to this key of gh/fiu as soon as the register says so");
    expect(told).toContain("Next: atumpan register propose gh.json");
    publishEdited(world, "gh.json");
    world.party("ng/tcu").hold(world.register());
    expect(pinAtOther()).toBe("ENDORSED");
    expect(world.party("ng/tcu").office.pins.counts()).toEqual({ changed: 1, unconfirmed: 0 });
  });

  it("the word of one authority is kept and is not enough; the other's is put beside it later", async () => {
    await good(vouch("ng/tcu"));
    const one = "endorse word-1 --register register --certificate new.crt --out one.json";
    expect(
      await tryAndDo(one, /Not enough yet: the word of one authority more would be missing/),
    ).toContain("Not enough yet: the word of one authority more is");
    publishEdited(world, "one.json");
    world.party("ng/tcu").hold(world.register());
    expect(pinAtOther()).toBe("UNENDORSED");
    await good(vouch("gh/moc"));
    const told = await good("endorse word-2 --register register --out two.json");
    expect(told).toContain("with the word of ng, gh");
    publishEdited(world, "two.json");
    world.party("ng/tcu").hold(world.register());
    expect(pinAtOther()).toBe("ENDORSED");
    const { state } = readEdited(world, "two.json");
    const lines = state.agencies.find((its) => its.agency === agency)!.certificates;
    expect(lines.filter(({ kind }) => kind === "SEALING")).toHaveLength(2);
  });

  it("whoever vouches while suspended is refused", async () => {
    const { layout, offices, clock } = world;
    const context = { offices, now: clock.now() };
    const edit = { states: { ng: suspendAll } };
    const next = editRegister(readFileSync(layout.register), edit, context);
    replaceRegister(layout.register, next);
    expect((await run(vouch("ng/tcu"))).err).toContain("Code MANDATE_SUSPENDED");
  });

  it("a certificate that has ended vouches for nothing", async () => {
    world.clock.move(91 * 86_400_000);
    expect((await run(vouch("ng/tcu"))).err).toContain("Code CERT_EXPIRED");
  });
});

describe("atumpan authority endorse, in a region that it leaves as it was", () => {
  let own: string;
  let kept: ReadonlySet<string>;
  beforeAll(async () => {
    await begin();
    own = fingerprint;
    kept = new Set(readdirSync(world.layout.home));
  });
  afterEach(() => {
    for (const name of readdirSync(world.layout.home).filter((one) => !kept.has(one)))
      rmSync(at(name));
    [pieces, fingerprint] = [0, own];
  });
  afterAll(() => world.stop());

  it("two words of one authority count once", async () => {
    await good(vouch("gh/tcu"));
    await good(vouch("gh/moc"));
    expect(await good(endorse)).toContain("Not enough yet");
  });

  it("the word of the agency's own key before is taken as well, and is enough", async () => {
    const named = world.register().agency(agency)!.certificates;
    const { thumbprint } = named.find(({ kind }) => kind === "SEALING")!;
    const key = makeSigningKey(loadKey(at(`gateways/${agency}/keys/sealing.key`)));
    const next = Buffer.from(fingerprint, "hex");
    const word = endorseSealingKey({ key, thumbprint }, { agency, thumbprint: next });
    const text = renderCarriedEndorsement({ ...word, thumbprint: next });
    writeFileSync(at("word-1"), text);
    const one = "endorse word-1 --register register --certificate new.crt --out gh.json";
    expect(await good(one)).toContain("Others seal to this key");
    const stranger = makeSigningKey(makeKeyPair("P-256"));
    const forged = endorseSealingKey({ key: stranger, thumbprint }, { agency, thumbprint: next });
    writeFileSync(at("word-1"), renderCarriedEndorsement({ ...forged, thumbprint: next }));
    const { code, err } = await run(one.replace("gh.json", "forged.json"));
    expect([code === 0, err]).toEqual([false, expect.stringContaining("SEAL_KEY_UNCONFIRMED")]);
  });

  it.each<[string, (good: { endorser: string; thumbprint: string; signature: string }) => unknown, string]>([
    ["that is none", () => ({}), "SIGNATURE_MALFORMED"],
    ["in another authority's name", (word) => ({ ...word, endorser: "gh" }), "SEAL_KEY_UNCONFIRMED"],
    ["of another key", (word) => ({ ...word, thumbprint: "A".repeat(43) }), "SEAL_KEY_UNCONFIRMED"],
    ["whose signature was changed", (word) => ({ ...word, signature: word.signature.replace(/.{4}$/, "AAAA") }), "SIGNATURE_"],
  ])("a word %s is not carried into the part", async (...[, change, fault]) => {
    await good(vouch("ng/tcu"));
    const word = JSON.parse(readFileSync(at("word-1"), "utf8")) as { endorser: string; thumbprint: string; signature: string };
    writeFileSync(at("word-1"), JSON.stringify(change(word)));
    const { code, out, err } = await run("endorse word-1 --register register --certificate new.crt --out gh.json");
    expect([code === 0, out]).toEqual([false, ""]);
    expect(err).toContain(`Code ${fault}`);
    expect(() => readFileSync(at("gh.json"))).toThrow();
  }); // prettier-ignore

  it("a word of another key under this key's name is not carried into the part", async () => {
    const right = fingerprint;
    fingerprint = await makeNewKey("other");
    await good(vouch("ng/tcu"));
    const text = readFileSync(at("word-1"), "utf8");
    const named = Buffer.from(right, "hex").toString("base64url");
    writeFileSync(at("word-1"), text.replace(/(?<="thumbprint":")[^"]+/, named));
    const line = "endorse word-1 --register register --certificate new.crt --out gh.json";
    expect((await run(line)).err).toContain("Code SIGNATURE_INVALID");
  });

  it("words of different keys, a key that nobody names, and a certificate that is not for sealing are refused", async () => {
    await good(vouch("ng/tcu"));
    fingerprint = await makeNewKey("other");
    await good(vouch("gh/tcu"));
    const codes = async (line: string): Promise<string | undefined> =>
      /Code ([A-Z_]+)/.exec((await run(line)).err)?.[1];
    expect(await codes(endorse)).toBe("USAGE_INVALID");
    expect(await codes("endorse word-1 --register register")).toBe("NOT_FOUND");
    const request = await makeRequest(agency, makeKeyPair("P-256"));
    writeFileSync(at("link.csr"), renderPem("CERTIFICATE REQUEST", request));
    await good(`issue --folder authorities/gh --request link.csr --agency ${agency} --kind LINK --out link.crt`); // prettier-ignore
    expect(await codes("endorse word-1 --register register --certificate link.crt")).toBe(
      "CERT_USAGE_NOT_PERMITTED",
    );
  });
});

describe("atumpan authority vouch", () => {
  beforeAll(begin);
  afterAll(() => world.stop());

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ["half a fingerprint", "ng/tcu", { new: "0123" }, "USAGE_INVALID"],
    ["for itself", agency, {}, "USAGE_INVALID"],
    ["as a hub", "au/hub-one", { key: "gateways/ng/tcu/keys/signing.key" }, "USAGE_INVALID"],
    ["for an agency nobody knows", "ng/tcu", { agency: "zz/fiu" }, "AGENCY_UNKNOWN"],
    ["as an agency nobody knows", "ng/none", { key: "gateways/ng/tcu/keys/signing.key" }, "AGENCY_UNKNOWN"],
    ["with another agency's key", "ng/tcu", { key: "gateways/gh/tcu/keys/signing.key" }, "CERT_UNKNOWN"],
    ["with its key for sealing", "ng/tcu", { key: "gateways/ng/tcu/keys/sealing.key" }, "CERT_UNKNOWN"],
    ["with a file that is no key", "ng/tcu", { key: "new.crt" }, "KEY_UNUSABLE"],
    ["into a file that is there", "ng/tcu", { out: "new.crt" }, "USAGE_INVALID"],
  ])("whoever vouches %s is refused, and nothing is written", async (...[, by, change, fault]) => {
    const line = vouch(by, change);
    for (const words of [line, `${line} --dry-run`]) {
      const { code, out, err } = await run(words);
      expect([code === 0, out]).toEqual([false, ""]);
      expect(err).toContain(`Code ${fault}`);
    }
    expect(() => readFileSync(at(`word-${pieces}`))).toThrow();
  }); // prettier-ignore
});

function suspendAll(part: StatePart): StatePart {
  const agencies = part.agencies.map((one) => ({ ...one, suspendedFrom: 1_000 }));
  return { ...part, agencies };
}
