import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeKeyPair } from "../../certs/keys/index.ts";
import { type Credential, issueLists } from "../../deploy/local/office.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { renderHex } from "../../schemas/ground/index.ts";
import { dial, linkPairOf, rawAgency, type RawAgency } from "../kit/agency.ts";
import { type Flaw, issueFlawed, signerOf } from "../kit/credentials.ts";
import { forge } from "../kit/forge.ts";
import { startQuiet } from "../kit/quiet.ts";
import { withAgency } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { type AuditLine, startWorld, type World } from "../kit/world.ts";

const agency = "ng/tcu";
const flaws = ["none", "expired", "early", "foreign", "revoked"] as const;
const hour = 3_600_000;

let world: World;
let ng: RawAgency;
let readers: Gateway[];
const signing = new Map<Flaw, Credential>();
const linking = new Map<Flaw, Credential>();

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  for (const flaw of flaws) {
    signing.set(flaw, await issueFlawed(world, { agency, kind: "SIGNING" }, flaw));
    linking.set(flaw, await issueFlawed(world, { agency, kind: "LINK" }, flaw));
  }
  const crls = await issueLists(world.office("ng"), Date.now());
  const added = [...signing.values(), ...linking.values()].map(({ kind, certificate }) => ({
    kind,
    certificate: certificate.der,
    endorsements: [],
  }));
  const change = withAgency(agency, (now) => ({
    ...now,
    certificates: [...now.certificates, ...added],
  }));
  await world.publish({ states: { ng: (now) => ({ ...change(now), crls }) } });
  ng = await rawAgency(world, agency);
  readers = [await world.gateway("gh/tcu"), await world.gateway("gh/moc")];
});

afterAll(async () => {
  await ng?.close();
  await world?.stop();
});

function credential(held: ReadonlyMap<Flaw, Credential>, flaw: Flaw): Credential {
  const found = held.get(flaw);
  if (found === undefined) throw new Error(`no ${flaw} certificate was made`);
  return found;
}

async function codeSignedWith(flaw: Flaw): Promise<string> {
  const signedBy = signerOf(agency, credential(signing, flaw));
  const outcome = await ng.send(forge(ng.signer, { signedBy }));
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

function loginsOf({ certificate }: Credential): readonly AuditLine[] {
  const fingerprint = renderHex(certificate.thumbprint);
  return world.audit().filter(({ fields }) => fields["fingerprint"] === fingerprint);
}

function handshakeErrors(): number {
  return world.serverLog().split("TLS handshake error").length - 1;
}

/** Tries to log in; holds that the TLS handshake already failed, and that the callout was not even asked. */
async function expectNoHandshake(one: Credential): Promise<void> {
  const before = handshakeErrors();
  await expect(dial(world, linkPairOf(one), { agency })).rejects.toThrow();
  await until("the server's log has it", () => handshakeErrors() > before);
  expect(loginsOf(one)).toEqual([]);
}

/** Tries to log in; holds that the callout refused, and why. */
async function expectRefused(one: Credential, code: string): Promise<void> {
  await expect(dial(world, linkPairOf(one), { agency })).rejects.toThrow("Authorization Violation");
  const told = loginsOf(one).map(({ event, fields }) => ({ event, code: fields["code"] }));
  expect(told).toEqual([{ event: "login refused", code }]);
}

describe("a message signed under a certificate that the register names", () => {
  it("is taken when the certificate is good", async () => {
    const [{ exchange }] = readers as [Gateway];
    const before = exchange.status().inbox;
    expect(await codeSignedWith("none")).toBe("ACCEPTED");
    await until("it is read", () => exchange.status().inbox === before + 1);
  });

  it.each([
    ["expired", "CERT_EXPIRED"],
    ["early", "CERT_NOT_YET_VALID"],
    ["foreign", "CERT_PATH_INVALID"],
    ["revoked", "CERT_REVOKED"],
  ] as const)("is refused when the certificate is %s: %s", async (flaw, code) => {
    const quiet = await startQuiet(world, { sender: ng, readers });
    expect(await codeSignedWith(flaw)).toBe(code);
    await quiet.expectNothing();
  });

  it("is refused when the register names it for another use", async () => {
    const quiet = await startQuiet(world, { sender: ng, readers });
    const signedBy = signerOf(agency, credential(linking, "none"));
    const outcome = await ng.send(forge(ng.signer, { signedBy }));
    expect(outcome).toMatchObject({ kind: "refused", line: { code: "CERT_UNKNOWN" } });
    await quiet.expectNothing();
  });
});

describe("a link", () => {
  it("stands under a good certificate that the register names", async () => {
    const one = credential(linking, "none");
    const link = await dial(world, linkPairOf(one), { agency });
    expect(loginsOf(one)).toMatchObject([{ event: "login allowed", fields: { agency } }]);
    await link.close();
  });

  it.each(["expired", "early", "foreign"] as const)(
    "under a certificate that is %s fails in the handshake",
    async (flaw) => {
      await expectNoHandshake(credential(linking, flaw));
    },
  );

  it("under a revoked certificate is refused by the callout, and in the audit record", async () => {
    await expectRefused(credential(linking, "revoked"), "CERT_REVOKED");
  });

  it("under a certificate of its state's CA that the register does not name is refused", async () => {
    const one = await issueFlawed(world, { agency, kind: "LINK" }, "none");
    await expectRefused(one, "CERT_UNKNOWN");
  });

  it("under the agency's own signing certificate fails in the handshake", async () => {
    await expectNoHandshake(credential(signing, "none"));
  });

  it("under a key that is not the certificate's, or with no certificate, fails in the handshake", async () => {
    const one = { ...credential(linking, "none"), key: makeKeyPair("P-256") };
    await expect(dial(world, linkPairOf(one), { agency })).rejects.toThrow();
    const before = handshakeErrors();
    await expect(dial(world, { cert: "", key: "" }, { agency })).rejects.toThrow();
    await until("the server's log has it", () => handshakeErrors() > before);
  });

  it("of the hub's own certificate gets no agency's session", async () => {
    const hub = await issueFlawed(world, { agency: world.plan.hub, kind: "LINK" }, "none");
    await expect(dial(world, linkPairOf(hub), { agency })).rejects.toThrow(
      "Authorization Violation",
    );
    expect(loginsOf(hub)).toMatchObject([
      { event: "login refused", fields: { code: "AGENCY_UNKNOWN" } },
    ]);
  });

  it("under a certificate that is not valid yet by the hub's clock is refused by the callout", async () => {
    const one = await issueFlawed(world, { agency, kind: "LINK" }, "none");
    const change = withAgency(agency, (now) => ({
      ...now,
      certificates: [
        ...now.certificates,
        { kind: "LINK", certificate: one.certificate.der, endorsements: [] },
      ],
    }));
    await world.publish({ states: { ng: change } });
    world.shift(-hour);
    await expectRefused(one, "CERT_NOT_YET_VALID");
    world.shift(hour);
    const link = await dial(world, linkPairOf(one), { agency });
    await link.close();
  });
});
