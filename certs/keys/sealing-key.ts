import { createPublicKey, type KeyObject } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { publicHalf } from "./public-half.ts";

/** A key that bodies are sealed to. */
export interface SealingKey {
  /** JWE name of the key agreement, RFC 7518 §4.6. */
  readonly algorithm: "ECDH-ES+A256KW";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** The key itself, for opening; it never leaves the process. */
  privateKey(): KeyObject;
}

/**
 * Makes a sealing key of a private key of P-256 or X25519.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeSealingKey(key: KeyObject): SealingKey {
  const algorithm = "ECDH-ES+A256KW";
  if (key.asymmetricKeyType === "x25519") {
    const spki = createPublicKey(key).export({ format: "der", type: "spki" });
    return { algorithm, spki, privateKey: () => key };
  }
  const { keyType, spki } = publicHalf(key);
  if (keyType !== "P-256") {
    throw new Fault("KEY_UNUSABLE", "a sealing key is of P-256 or X25519");
  }
  return { algorithm, spki, privateKey: () => key };
}
