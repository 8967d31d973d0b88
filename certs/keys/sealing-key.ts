import type { KeyObject } from "node:crypto";

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
 * Makes a sealing key of a P-256 private key.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeSealingKey(key: KeyObject): SealingKey {
  const { keyType, spki } = publicHalf(key);
  if (keyType !== "P-256") throw new Fault("KEY_UNUSABLE", "a sealing key is of P-256");
  return { algorithm: "ECDH-ES+A256KW", spki, privateKey: () => key };
}
