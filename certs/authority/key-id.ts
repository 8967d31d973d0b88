import { type Bytes, sha256 } from "../../schemas/ground/index.ts";

/** The key identifier of a public key: RFC 7093 §2, method 4, cut to 20 octets. */
export function keyIdOf(spki: Bytes): Bytes {
  return sha256(spki).subarray(0, 20);
}
