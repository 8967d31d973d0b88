import { beforeAll, describe, expect, it } from "vitest";

import { parseCertificate } from "../../certs/shape/index.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { findSuspension, type OwnCertificate } from "./suspension.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "ng/fiu", "gh/tcu"], { now });
});

function certificatesOf(agency: string): readonly OwnCertificate[] {
  return world
    .agency(agency)
    .certificates.flatMap(({ kind, certificate }) =>
      kind === "LINK" || kind === "SIGNING"
        ? [{ kind, certificate: parseCertificate(certificate) }]
        : [],
    );
}

function codeOf(register: RegisterView, agency = "ng/tcu", at = now): string | undefined {
  return findSuspension(register, { agency, certificates: certificatesOf(agency) }, at)?.code;
}

const view = (register: Uint8Array): RegisterView => verifyRegister(register, world.anchors);

describe("findSuspension", () => {
  it("a register that says nothing against us forbids nothing", () => {
    expect(codeOf(world.view)).toBeUndefined();
  });

  it("a suspension counts from its day on, for the agency it names alone", () => {
    const later = now + 86_400_000;
    const suspended = view(
      world.publish((parts) => ({
        ...parts,
        agencies: new Map(
          [...parts.agencies].map(([state, agencies]) => [
            state,
            agencies.map((one) =>
              one.agency === "ng/tcu" ? { ...one, suspendedFrom: later } : one,
            ),
          ]),
        ),
      })),
    );
    expect(codeOf(suspended, "ng/tcu", later - 1)).toBeUndefined();
    expect(codeOf(suspended, "ng/tcu", later)).toBe("MANDATE_SUSPENDED");
    expect(codeOf(suspended, "ng/fiu", later)).toBeUndefined();
  });

  it("a stolen signing or link key counts, from the moment its list is made, and no other agency's does", async () => {
    for (const [agency, kind] of [
      ["ng/fiu", "SIGNING"],
      ["gh/tcu", "LINK"],
    ] as const) {
      const listed = view(await world.revoke(agency, kind, { at: now + 1_000 }));
      expect(codeOf(listed, agency, now)).toBeUndefined();
      expect(codeOf(listed, agency, now + 1_000)).toBe("CERT_REVOKED");
      expect(codeOf(listed, "ng/tcu", now + 1_000)).toBeUndefined();
    }
  });

  it("a stolen sealing key does not, and a stolen key that another has replaced does not", async () => {
    const sealing = view(await world.revoke("ng/tcu", "SEALING", { at: now + 2_000 }));
    expect(codeOf(sealing, "ng/tcu", now + 2_000)).toBeUndefined();
    const link = view(await world.revoke("ng/tcu", "LINK", { at: now + 3_000 }));
    expect(codeOf(link, "ng/tcu", now + 3_000)).toBe("CERT_REVOKED");
    // the key that took its place: named by the register, and on no list
    const [next] = certificatesOf("ng/tcu").filter(({ kind }) => kind === "SIGNING");
    const certificates = [...certificatesOf("ng/tcu"), { ...next!, kind: "LINK" as const }];
    expect(findSuspension(link, { agency: "ng/tcu", certificates }, now + 3_000)).toBeUndefined();
    // one that the register does not name has taken nobody's place
    const [foreign] = certificatesOf("gh/tcu").filter(({ kind }) => kind === "SIGNING");
    const unnamed = [...certificatesOf("ng/tcu"), { ...foreign!, kind: "LINK" as const }];
    expect(
      findSuspension(link, { agency: "ng/tcu", certificates: unnamed }, now + 3_000)?.code,
    ).toBe("CERT_REVOKED");
  });
});
