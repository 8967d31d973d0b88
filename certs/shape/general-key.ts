import { createPublicKey, type KeyObject } from "node:crypto";

import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import { type Der, parseDer } from "./der.ts";
import { certLimits } from "./limits.ts";
import type { SubjectKeyType } from "./subject-key.ts";

/** Kinds of key that certificates of RFC 5280 may hold for us: ours, and what others use. */
export type GeneralKeyType = SubjectKeyType | "P-521" | "RSA";

/** A public key of any kind that we verify with, read once. */
export interface GeneralKey {
  readonly keyType: GeneralKeyType;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  readonly publicKey: KeyObject;
}

/** AlgorithmIdentifiers in full: RFC 5480 §2.1.1 (named curves only), RFC 8410 §3, RFC 3279 §2.3.1. */
const algorithms: Readonly<Record<string, { type: GeneralKeyType; length: number }>> = {
  "301306072a8648ce3d020106082a8648ce3d030107": { type: "P-256", length: 65 },
  "301006072a8648ce3d020106052b81040022": { type: "P-384", length: 97 },
  "301006072a8648ce3d020106052b81040023": { type: "P-521", length: 133 },
  "300506032b6570": { type: "Ed25519", length: 32 },
  "300506032b656e": { type: "X25519", length: 32 },
  "300d06092a864886f70d0101010500": { type: "RSA", length: 0 },
};

function outside(detail: string): Fault {
  return new Fault("CERT_OUTSIDE_PROFILE", detail);
}

/** Odd, so that it is a key at all; at least Fermat's fourth, at most what is fast. */
function checkExponent(octets: Bytes): void {
  const exponent = octets.length > 5 ? 0 : parseInt(renderHex(octets), 16);
  if (exponent < 65_537 || exponent > 0xffff_ffff || exponent % 2 === 0) {
    throw outside("an RSA exponent is odd, at least 65,537, and of at most 32 bits");
  }
}

/** RFC 3279 §2.3.1: modulus and exponent, each within what is neither weak nor slow. */
function checkRsa(key: Bytes): void {
  const { tag, children } = parseDer(key);
  const [modulus, exponent] = children;
  const isPair = tag === 0x30 && children.map((child) => child.tag).join() === "2,2";
  if (!isPair || modulus === undefined || exponent === undefined) {
    throw new Fault("CERT_MALFORMED", "an RSA key is two numbers");
  }
  // A modulus of whole octets stands behind one padding octet, because its first bit is a one.
  const [sign = 1, first = 0] = modulus.content;
  const bits = (modulus.content.length - 1) * 8;
  const isWhole = sign === 0 && first >= 0x80;
  if (!isWhole || bits < certLimits.minRsaBits || bits > certLimits.maxRsaBits) {
    const { minRsaBits, maxRsaBits } = certLimits;
    throw outside(`an RSA modulus has ${minRsaBits} to ${maxRsaBits} bits, in whole octets`);
  }
  checkExponent(exponent.content);
}

/**
 * Reads a SubjectPublicKeyInfo: ECDSA on P-256, P-384 or P-521 with its point uncompressed, Ed25519, or RSA
 * of 2,048 to 8,192 bits.
 *
 * @throws {Fault} CERT_OUTSIDE_PROFILE for keys of other kinds or sizes, CERT_MALFORMED
 */
export function readGeneralKey({ bytes, children }: Der): GeneralKey {
  const [algorithm, bits, ...more] = children;
  if (bits?.tag !== 0x03 || bits.content[0] !== 0 || more.length > 0 || algorithm === undefined) {
    throw new Fault("CERT_MALFORMED", "a public key is an algorithm and a string of octets");
  }
  const known = algorithms[renderHex(algorithm.bytes)];
  if (known === undefined) throw outside("the key is not of an algorithm that we verify");
  const key = bits.content.subarray(1);
  if (known.type === "RSA") checkRsa(key);
  else if (key.length !== known.length) throw outside("the key is compressed or cut");
  try {
    const spki = Buffer.from(bytes);
    const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
    return Object.freeze({ keyType: known.type, spki, publicKey });
  } catch (cause) {
    throw new Fault("CERT_MALFORMED", "the key is not one of its algorithm", { cause });
  }
}
