import { createPublicKey, type KeyObject } from "node:crypto";

import { type Bytes, Fault, sha256 } from "../../schemas/ground/index.ts";

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

/** What each key was read from; asking the key itself costs as much as half a verification. */
const digests = new WeakMap<KeyObject, Bytes>();

/** SHA-256 of the SubjectPublicKeyInfo of the very key that verifies, whatever stands beside it. */
export function digestOfKey(key: KeyObject): Bytes {
  return digests.get(key) ?? sha256(key.export({ format: "der", type: "spki" }));
}

/** As PEM, which says what it holds: given DER the platform tries kind after kind, and takes twice as long. */
function importKey(spki: Buffer): KeyObject {
  const base64 = spki.toString("base64");
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
}

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
    const publicKey = importKey(copy);
    digests.set(publicKey, sha256(copy));
    return Object.freeze({ keyType: kind.type, spki: copy, publicKey });
  } catch (cause) {
    throw new Fault("CERT_MALFORMED", "the key is not a point of its curve", { cause });
  }
}
