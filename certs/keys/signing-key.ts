import { createPublicKey, KeyObject, sign as signWith } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { derToRaw } from "../shape/index.ts";
import { type HeldKey, makeHeldKey } from "./held-key.ts";

/** A key that signs statements. Its holder may be this process or a device; callers cannot tell. */
export interface SigningKey {
  /** JWS name of the algorithm, RFC 7518 §3.4, RFC 8037 §3.1 and FIPS 204. */
  readonly algorithm: "ES256" | "EdDSA" | "ML-DSA-65";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /**
   * The signature over `bytes` as JWS spells it: for ES256 64 bytes with the lower s.
   *
   * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY when a device holds the key and does not answer
   */
  sign(bytes: Bytes): Bytes;
}

/** FIPS 204 in this process: no certificate of ours and no token holds such a key. */
function makeMlDsaKey(key: KeyObject): SigningKey {
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return { algorithm: "ML-DSA-65", spki, sign: (bytes) => signWith(null, bytes, key) };
}

/**
 * Makes a signing key, P-256, Ed25519 or ML-DSA-65, of a private key or of the handle of one.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeSigningKey(key: KeyObject | HeldKey): SigningKey {
  if (key instanceof KeyObject && key.asymmetricKeyType === "ml-dsa-65") return makeMlDsaKey(key);
  const { keyType, spki, sign } = key instanceof KeyObject ? makeHeldKey(key) : key;
  if (keyType === "P-384") throw new Fault("KEY_UNUSABLE", "P-384 is for CAs only");
  if (keyType === "Ed25519") return { algorithm: "EdDSA", spki, sign };
  // DER and a conversion by hand: asking the platform for the raw form costs more than signing does.
  return { algorithm: "ES256", spki, sign: (bytes) => derToRaw(sign(bytes)) };
}
