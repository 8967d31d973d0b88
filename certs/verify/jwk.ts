import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { z } from "zod";

import { type Bytes, Fault, parseBase64url, renderHex } from "../../schemas/ground/index.ts";
import { certLimits } from "../shape/index.ts";
import type { Algorithm } from "./algorithms.ts";
import { readShape } from "./read-shape.ts";

const maxSecretBytes = 1024;

function refuse(detail: string): never {
  throw new Fault("SIGNATURE_KEY_NOT_PERMITTED", detail);
}

/** Whoever hands a private key to be checked with has made a mistake he should hear of. */
const noPrivate = z.never({ error: "a private key is not for checking" }).optional();
const value = z.string().max(4096);
const usable = {
  use: z.literal("sig").optional(),
  key_ops: z.array(z.string()).max(16).optional(),
  alg: z.string().optional(),
};

const shapes = {
  EC: z.looseObject({ ...usable, kty: z.literal("EC"), crv: value, x: value, y: value, d: noPrivate }),
  OKP: z.looseObject({ ...usable, kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: value, d: noPrivate }),
  RSA: z.looseObject({
    ...usable, kty: z.literal("RSA"), n: value, e: value,
    d: noPrivate, p: noPrivate, q: noPrivate, dp: noPrivate, dq: noPrivate, qi: noPrivate, oth: noPrivate,
  }),
  oct: z.looseObject({ ...usable, kty: z.literal("oct"), k: value }),
} as const; // prettier-ignore

function readJwk<T>(shape: z.ZodType<T>, jwk: unknown): T {
  return readShape(shape, jwk, { code: "SIGNATURE_KEY_NOT_PERMITTED", what: "the key" });
}

function importKey(jwk: Readonly<Record<string, string>>): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    // the engine's error may quote the key, so it is not kept as the cause
    return refuse("the key is not one of its kind, or no point of its curve");
  }
}

function importEc(algorithm: Algorithm & { readonly kind: "EC" }, jwk: unknown): KeyObject {
  const { kty, crv, x, y } = readJwk(shapes.EC, jwk);
  const { curve, order } = algorithm;
  if (crv !== curve) refuse(`the algorithm is on ${curve}, the key on another curve`);
  if ([x, y].some((text) => parseBase64url(text).length !== order.length)) {
    refuse(`a coordinate on ${curve} has ${order.length} bytes`);
  }
  return importKey({ kty, crv, x, y });
}

/** Of each point of small order its y, little-endian, without the sign of x: they sign anything, RFC 8032 §5.1.7. */
const smallOrder: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);
const prime = Buffer.from(`7f${"ff".repeat(30)}ed`, "hex");

function importEd25519(jwk: unknown): KeyObject {
  const { kty, crv, x } = readJwk(shapes.OKP, jwk);
  const y = Buffer.from(parseBase64url(x));
  if (y.length !== 32) refuse("an Ed25519 key has 32 bytes");
  y[31] = (y[31] ?? 0) & 0x7f;
  const isCanonical = Buffer.compare(y.toReversed(), prime) < 0;
  if (!isCanonical || smallOrder.has(renderHex(y))) {
    refuse("an Ed25519 key has one spelling and is of large order");
  }
  return importKey({ kty, crv, x });
}

/** Bits of a number whose first octet is not nought. */
function bitsOf(octets: Bytes): number {
  return (octets.length - 1) * 8 + (32 - Math.clz32(octets[0] ?? 0));
}

function importRsa(jwk: unknown): KeyObject {
  const { kty, n, e } = readJwk(shapes.RSA, jwk);
  const [modulus, exponent] = [parseBase64url(n), parseBase64url(e)];
  if (modulus[0] === 0 || exponent[0] === 0) refuse("a number of the key has octets to spare");
  const { minRsaBits, maxRsaBits } = certLimits;
  const bits = bitsOf(modulus);
  if (bits < minRsaBits || bits > maxRsaBits) {
    refuse(`an RSA modulus has ${minRsaBits} to ${maxRsaBits} bits`);
  }
  const power = exponent.length > 4 ? 0 : parseInt(renderHex(exponent), 16);
  if (!(power >= 65_537 && power % 2 === 1)) {
    refuse("an RSA exponent is odd, at least 65,537, and of at most 32 bits");
  }
  return importKey({ kty, n, e });
}

function importSecret(algorithm: Algorithm & { readonly kind: "oct" }, jwk: unknown): KeyObject {
  const secret = parseBase64url(readJwk(shapes.oct, jwk).k);
  const { hashBytes } = algorithm;
  // RFC 7518 §3.2: not shorter than the hash
  if (secret.length < hashBytes || secret.length > maxSecretBytes) {
    refuse(`a secret for this algorithm has ${hashBytes} to ${maxSecretBytes} bytes`);
  }
  return createSecretKey(secret);
}

/** Refuses a key whose owner says that it is for something else, RFC 7517 §4.2 to §4.4. */
function checkOwner(jwk: unknown, name: string): void {
  const { key_ops: acts, alg } = readJwk(z.looseObject(usable), jwk);
  if (alg !== undefined && alg !== name) refuse("the key's alg is another algorithm");
  if (acts === undefined) return;
  if (!acts.includes("verify") || new Set(acts).size !== acts.length) {
    refuse("the key's key_ops are without verify, or name an act twice");
  }
}

/**
 * Reads a JWK as a key for one algorithm: of its kind, curve and size, with nothing in it that says otherwise, and
 * without any private half.
 *
 * @param name the algorithm's name, as the key's own `alg` would have it
 * @throws {Fault} SIGNATURE_KEY_NOT_PERMITTED, BYTES_NOT_CANONICAL
 */
export function parseJwk(jwk: unknown, name: string, algorithm: Algorithm): KeyObject {
  checkOwner(jwk, name);
  switch (algorithm.kind) {
    case "EC":
      return importEc(algorithm, jwk);
    case "OKP":
      return importEd25519(jwk);
    case "RSA":
      return importRsa(jwk);
    case "oct":
      break;
  }
  return importSecret(algorithm, jwk);
}
