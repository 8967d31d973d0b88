import { createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

import type { Bytes } from "../../schemas/ground/index.ts";
import { makeSealingKey } from "./sealing-key.ts";

/** A P-256 key that agrees on a secret with another; this process or a device holds it. */
export interface AgreementKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /**
   * The x-coordinate that both sides reach, 32 octets: Z of RFC 7518 §4.6.2.
   *
   * @param peer SubjectPublicKeyInfo of the other's P-256 key, DER; checked to be on the curve
   * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
   */
  agree(peer: Bytes): Bytes;
}

/**
 * The agreement of a P-256 private key in this process.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeAgreementKey(key: KeyObject): AgreementKey {
  const { spki } = makeSealingKey(key);
  return {
    spki,
    agree: (peer) => {
      const publicKey = createPublicKey({ key: Buffer.from(peer), format: "der", type: "spki" });
      return diffieHellman({ privateKey: key, publicKey });
    },
  };
}
