import { constants, createHmac, type KeyObject, verify } from "node:crypto";

import { type Bytes, sameBytes } from "../../schemas/ground/index.ts";

/** What one algorithm of RFC 7518 §3 or RFC 8037 asks of keys and signatures. */
export type Algorithm =
  | {
      readonly kind: "EC";
      readonly hash: string;
      readonly curve: string;
      /** The order of the curve's group, whose length is that of r, of s, and of each coordinate. */
      readonly order: Bytes;
    }
  | { readonly kind: "RSA"; readonly hash: string; readonly isPss: boolean }
  | { readonly kind: "OKP" }
  | { readonly kind: "oct"; readonly hash: string; readonly hashBytes: number };

/** Orders of P-256, P-384 and P-521, SEC 2 §2.4.2, §2.5.1, §2.6.1. */
const orders = {
  p256: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  p384: `${"f".repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`,
  p521: `01${"f".repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`,
} as const;

function ecdsa(hash: string, curve: string, order: string): Algorithm {
  return { kind: "EC", hash, curve, order: Buffer.from(order, "hex") };
}

/** Every algorithm we verify by its name in JOSE. No `none`, nothing with SHA-1, no curve of fewer than 128 bits. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  ES256: ecdsa("sha256", "P-256", orders.p256),
  ES384: ecdsa("sha384", "P-384", orders.p384),
  ES512: ecdsa("sha512", "P-521", orders.p521),
  RS256: { kind: "RSA", hash: "sha256", isPss: false },
  RS384: { kind: "RSA", hash: "sha384", isPss: false },
  RS512: { kind: "RSA", hash: "sha512", isPss: false },
  PS256: { kind: "RSA", hash: "sha256", isPss: true },
  PS384: { kind: "RSA", hash: "sha384", isPss: true },
  PS512: { kind: "RSA", hash: "sha512", isPss: true },
  EdDSA: { kind: "OKP" },
  HS256: { kind: "oct", hash: "sha256", hashBytes: 32 },
  HS384: { kind: "oct", hash: "sha384", hashBytes: 48 },
  HS512: { kind: "oct", hash: "sha512", hashBytes: 64 },
};

/** The algorithm of a name; undefined when it is none that we verify. */
export function findAlgorithm(name: string): Algorithm | undefined {
  return Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
}

/** Whether r and s, side by side, each lie between nought and the order. */
function areScalars(value: Bytes, order: Bytes): boolean {
  const { length } = order;
  if (value.length !== 2 * length) return false;
  return [value.subarray(0, length), value.subarray(length)].every(
    (scalar) => scalar.some((octet) => octet !== 0) && Buffer.compare(scalar, order) < 0,
  );
}

function isRsaSigned(
  { hash, isPss }: Algorithm & { readonly kind: "RSA" },
  key: KeyObject,
  { input, value }: { readonly input: Bytes; readonly value: Bytes },
): boolean {
  if (value.length * 8 !== Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) * 8) {
    return false;
  }
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  // RFC 7518 §3.5: the salt has the length of the hash
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return verify(hash, input, isPss ? { key, padding, saltLength } : { key, padding }, value);
}

/** Whether `key` signed exactly `input`. The key is one that `parseJwk` took for this algorithm. */
export function isSignedWith(
  algorithm: Algorithm,
  key: KeyObject,
  signed: { readonly input: Bytes; readonly value: Bytes },
): boolean {
  const { input, value } = signed;
  switch (algorithm.kind) {
    case "EC":
      return (
        areScalars(value, algorithm.order) &&
        verify(algorithm.hash, input, { key, dsaEncoding: "ieee-p1363" }, value)
      );
    case "RSA":
      return isRsaSigned(algorithm, key, signed);
    case "OKP":
      return value.length === 64 && verify(null, input, key, value);
    case "oct":
      break;
  }
  return sameBytes(createHmac(algorithm.hash, key).update(input).digest(), value);
}
