import { type KeyObject, sign } from "node:crypto";

import type { Bytes } from "../../schemas/ground/index.ts";
import type { KeyType } from "../shape/index.ts";
import { publicHalf } from "./public-half.ts";

/**
 * A private key that somebody holds: this process, or a device that never gives it out. Callers cannot tell,
 * and need not.
 */
export interface HeldKey {
  readonly keyType: KeyType;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /**
   * The signature over `bytes` as X.509 spells it: DER for ECDSA, with the hash of the curve (RFC 5758 §3.2).
   *
   * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
   */
  readonly sign: (bytes: Bytes) => Bytes;
  /** Where the key may be written to a file; absent for a key that cannot leave its device. */
  readonly exportable?: KeyObject | undefined;
}

/** The hash that goes with each kind of key; Ed25519 brings its own. */
export const hashOf: Readonly<Record<KeyType, string | null>> = {
  "P-256": "sha256",
  "P-384": "sha384",
  Ed25519: null,
};

/**
 * The handle of a private key in this process.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeHeldKey(key: KeyObject): HeldKey {
  const { keyType, spki } = publicHalf(key);
  const hash = hashOf[keyType];
  return { keyType, spki, sign: (bytes) => sign(hash, bytes, key), exportable: key };
}
