import { createPublicKey, type KeyObject } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";

/** Kinds of key a certificate of ours may hold. P-384 is for CAs only: it verifies ten times slower. */
export type KeyType = "P-256" | "P-384" | "Ed25519";

/** A public key read once, so that each later use costs nothing but the arithmetic. */
export interface PublicKey {
  readonly keyType: KeyType;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  readonly publicKey: KeyObject;
}

/**
 * What stands before the key itself. Comparing these bytes leaves no room for explicit curve parameters,
 * compressed points or absent ones (RFC 5480 §2, RFC 8410 §4).
 */
const prefixes: readonly { type: KeyType; prefix: Buffer; length: number }[] = [
  {
    type: "P-256",
    prefix: Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex"),
    length: 91,
  },
  {
    type: "P-384",
    prefix: Buffer.from("3076301006072a8648ce3d020106052b8104002203620004", "hex"),
    length: 120,
  },
  { type: "Ed25519", prefix: Buffer.from("302a300506032b6570032100", "hex"), length: 44 },
];

/**
 * Reads a SubjectPublicKeyInfo of one of our three kinds; the point is on its curve.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function parsePublicKey(spki: Bytes): PublicKey {
  const copy = Buffer.from(spki);
  const kind = prefixes.find(
    ({ prefix, length }) =>
      copy.length === length && copy.subarray(0, prefix.length).equals(prefix),
  );
  if (kind === undefined) {
    throw new Fault("CERT_MALFORMED", "the key is not P-256, P-384 or Ed25519 in its named form");
  }
  try {
    const publicKey = createPublicKey({ key: copy, format: "der", type: "spki" });
    return Object.freeze({ keyType: kind.type, spki: copy, publicKey });
  } catch (cause) {
    throw new Fault("CERT_MALFORMED", "the key is not a point of its curve", { cause });
  }
}
