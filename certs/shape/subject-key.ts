import { createPublicKey, type KeyObject } from "node:crypto";

import type { Bytes } from "../../schemas/ground/index.ts";
import { type KeyType, parsePublicKey } from "./public-key.ts";

/** Kinds of key that a certificate of ours may be about: those that sign, and one that only agrees on secrets. */
export type SubjectKeyType = KeyType | "X25519";

/** The key a certificate is about. One of X25519 proves no signature: who asks for a signer's key is not given it. */
export interface SubjectKey {
  readonly keyType: SubjectKeyType;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  readonly publicKey: KeyObject;
}

/** RFC 8410 §4: all that stands before the key's 32 octets. */
const x25519 = { prefix: Buffer.from("302a300506032b656e032100", "hex"), length: 44 };

/**
 * Reads the SubjectPublicKeyInfo of a certificate: a key that signs, or one of X25519.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function parseSubjectKey(spki: Bytes): SubjectKey {
  const copy = Buffer.from(spki);
  const { prefix, length } = x25519;
  if (copy.length !== length || !copy.subarray(0, prefix.length).equals(prefix)) {
    return parsePublicKey(spki);
  }
  const publicKey = createPublicKey({ key: copy, format: "der", type: "spki" });
  return Object.freeze({ keyType: "X25519", spki: copy, publicKey });
}
