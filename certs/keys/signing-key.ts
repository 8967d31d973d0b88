import { type KeyObject, sign } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { derToRaw } from "../shape/index.ts";
import { publicHalf } from "./public-half.ts";

/** A key that signs statements. Its holder may be this process or a device; callers cannot tell. */
export interface SigningKey {
  /** JWS name of the algorithm, RFC 7518 §3.4 and RFC 8037 §3.1. */
  readonly algorithm: "ES256" | "EdDSA";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** The signature over `bytes` as JWS spells it: 64 bytes, for ES256 with the lower s. */
  sign(bytes: Bytes): Bytes;
}

/**
 * Makes a signing key of a private key, P-256 or Ed25519.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function makeSigningKey(key: KeyObject): SigningKey {
  const { keyType, spki } = publicHalf(key);
  if (keyType === "P-384") throw new Fault("KEY_UNUSABLE", "P-384 is for CAs only");
  if (keyType === "Ed25519") {
    return { algorithm: "EdDSA", spki, sign: (bytes) => sign(null, bytes, key) };
  }
  // DER and a conversion by hand: asking the platform for the raw form costs more than signing does.
  return { algorithm: "ES256", spki, sign: (bytes) => derToRaw(sign("sha256", bytes, key)) };
}
