import { createPublicKey, type KeyObject } from "node:crypto";

import type { AgencyKey } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import { checkPartTime } from "./part-time.ts";
import { isInForce } from "./period.ts";
import type { RegisterView } from "./register.ts";

/**
 * FIPS 204: all that stands before the key itself, so that there is no parameter to vary. The one kind of key that
 * stands in the register by itself, because no certificate can hold it yet.
 */
const mlDsa65 = {
  prefix: Buffer.from("308207b2300b0609608648016503040312038207a100", "hex"),
  length: 1974,
};

/** What was read of a line of the register, for as long as its holder keeps it. */
const thumbprints = new WeakMap<AgencyKey, Bytes>();
const imported = new WeakMap<AgencyKey, KeyObject>();

function thumbprintOf(line: AgencyKey): Bytes {
  const held = thumbprints.get(line);
  if (held !== undefined) return held;
  const made = sha256(line.spki);
  thumbprints.set(line, made);
  return made;
}

function importLine(line: AgencyKey): KeyObject {
  const held = imported.get(line);
  if (held !== undefined) return held;
  const spki = Buffer.from(line.spki);
  const { prefix, length } = mlDsa65;
  if (spki.length !== length || !spki.subarray(0, prefix.length).equals(prefix)) {
    throw new Fault("SIGNATURE_KEY_NOT_PERMITTED", "the register's key is not of its algorithm");
  }
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  imported.set(line, key);
  return key;
}

/**
 * Finds a key of an agency that no certificate holds: the agency's own part of the register names it for this
 * algorithm, and it is in its time. That another agency names it too says nothing about this one.
 *
 * @param thumbprint SHA-256 of its SubjectPublicKeyInfo
 * @throws {Fault} AGENCY_UNKNOWN, CERT_UNKNOWN, CERT_EXPIRED, CERT_NOT_YET_VALID, SIGNATURE_KEY_NOT_PERMITTED
 */
export function proveAgencyKey(
  register: RegisterView,
  { agency, algorithm, thumbprint }: { agency: string; algorithm: "ML-DSA-65"; thumbprint: Bytes },
  at: EpochMs,
): KeyObject {
  const registered = register.agency(agency);
  if (registered === undefined) {
    throw new Fault("AGENCY_UNKNOWN", "the agency is not in the register");
  }
  checkPartTime(register, registered.authority, at);
  const lines = registered.keys.filter(
    (line) => line.algorithm === algorithm && sameBytes(thumbprintOf(line), thumbprint),
  );
  if (lines.length === 0) {
    throw new Fault("CERT_UNKNOWN", `the register names no such ${algorithm} key of the agency`);
  }
  const line = lines.find((one) => isInForce(one, at));
  if (line !== undefined) return importLine(line);
  const isEarly = lines.some(({ from }) => at < from);
  if (isEarly) throw new Fault("CERT_NOT_YET_VALID", `the ${algorithm} key is not valid yet`);
  throw new Fault("CERT_EXPIRED", `the ${algorithm} key has ended`);
}
