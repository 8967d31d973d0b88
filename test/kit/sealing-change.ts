import type { KeyObject } from "node:crypto";

import { issueLeaf, makeRequest } from "../../certs/authority/index.ts";
import { makeKeyPair, makeSealingKey, type SealingKey } from "../../certs/keys/index.ts";
import type { Certificate } from "../../certs/shape/index.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import type { Agency, AgencyCertificate, Endorsement } from "../../schemas/index.ts";
import { type Bytes, systemChance } from "../../schemas/ground/index.ts";
import { makeMemoryJournal } from "./memory-journal.ts";
import type { GatewayWorld } from "./gateway-world.ts";

/** A sealing key that an agency has besides the one its world began with. */
export interface MadeSealing {
  readonly agency: string;
  /** The private key, as it signs endorsements. */
  readonly privateKey: KeyObject;
  readonly key: SealingKey;
  /** DER. */
  readonly certificate: Bytes;
  readonly leaf: Certificate;
}

/** Has an agency's own CA issue a new sealing certificate at `now`. */
export async function issueSealing(
  world: GatewayWorld,
  agency: string,
  now: number = world.now,
): Promise<MadeSealing> {
  const authority = world.authorities.get(agency.split("/", 1)[0] ?? "");
  if (authority === undefined) throw new Error(`no authority of ${agency}`);
  const privateKey = makeKeyPair("P-256");
  const leaf = await issueLeaf({
    authority,
    journal: makeMemoryJournal(),
    request: await makeRequest(agency, privateKey),
    agency,
    kind: "SEALING",
    now,
    chance: systemChance,
  });
  return { agency, privateKey, key: makeSealingKey(privateKey), certificate: leaf.der, leaf };
}

/** The line of the register for a sealing certificate. */
export function sealingLine(
  { certificate }: Pick<MadeSealing, "certificate">,
  endorsements: readonly Endorsement[] = [],
): AgencyCertificate {
  return { kind: "SEALING", certificate, endorsements };
}

/** The next epoch, in which an agency's sealing certificates are these and no others. */
export function publishSealing(
  world: GatewayWorld,
  agency: string,
  lines: readonly AgencyCertificate[],
): RegisterView {
  const change = (one: Agency): Agency =>
    one.agency === agency
      ? {
          ...one,
          certificates: [...one.certificates.filter(({ kind }) => kind !== "SEALING"), ...lines],
        }
      : one;
  const register = world.publish((now) => ({
    ...now,
    agencies: new Map([...now.agencies].map(([state, own]) => [state, own.map(change)])),
  }));
  return verifyRegister(register, world.anchors);
}
