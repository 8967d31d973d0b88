import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";

import { type Bytes, renderBase64url, utf8 } from "../../schemas/ground/index.ts";

/** A key pair, or a secret twice, and the half that others check with. */
export interface JwsKey {
  readonly key: KeyObject;
  readonly jwk: JsonWebKey;
}

/** Every algorithm that is verified. */
export const jwsAlgorithms = [
  "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "HS256", "HS384", "HS512",
] as const; // prettier-ignore

const curves: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
const made = new Map<string, JwsKey>();

function makeKey(alg: string): JwsKey {
  if (alg.startsWith("HS")) {
    const key = createSecretKey(randomBytes(Number(alg.slice(2)) / 8));
    return { key, jwk: key.export({ format: "jwk" }) };
  }
  const { publicKey, privateKey } = alg.startsWith("ES")
    ? generateKeyPairSync("ec", { namedCurve: curves[alg] ?? "" })
    : alg === "EdDSA"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { key: privateKey, jwk: publicKey.export({ format: "jwk" }) };
}

/** A key of an algorithm; the same one each time it is asked for, because RSA keys are slow to make. */
export function jwsKey(alg: string): JwsKey {
  const name = /^[RP]S/.test(alg) ? "RSA" : alg;
  const held = made.get(name) ?? makeKey(alg);
  made.set(name, held);
  return held;
}

/** Signs bytes as an algorithm of RFC 7518 does. */
export function signBytes(alg: string, key: KeyObject, input: Bytes): Bytes {
  const hash = `sha${alg.slice(2)}`;
  if (alg === "EdDSA") return sign(null, input, key);
  if (alg.startsWith("HS")) return createHmac(hash, key).update(input).digest();
  if (alg.startsWith("ES")) return sign(hash, input, { key, dsaEncoding: "ieee-p1363" });
  const padding = alg.startsWith("PS")
    ? constants.RSA_PKCS1_PSS_PADDING
    : constants.RSA_PKCS1_PADDING;
  return sign(hash, input, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
}

/** What of a JWS is to be otherwise. */
export interface JwsChange {
  /** The header as text; else it names the algorithm. */
  readonly header?: string;
  readonly payload?: string;
  readonly key?: KeyObject;
}

/** Makes a JWS in compact form with the payload inside. */
export function makeJws(alg: string, change: JwsChange = {}): string {
  const header = renderBase64url(utf8(change.header ?? JSON.stringify({ alg })));
  const input = `${header}.${renderBase64url(utf8(change.payload ?? "a statement"))}`;
  const value = signBytes(alg, change.key ?? jwsKey(alg).key, utf8(input));
  return `${input}.${renderBase64url(value)}`;
}

/** Makes a JWS whose payload is signed as it is and stands beside it, RFC 7797. */
export function makeDetached(alg: string, payload: Bytes, change: JwsChange = {}): string {
  const header = change.header ?? JSON.stringify({ alg, b64: false, crit: ["b64"] });
  const encoded = renderBase64url(utf8(header));
  const input = Buffer.concat([Buffer.from(`${encoded}.`), payload]);
  return `${encoded}..${renderBase64url(signBytes(alg, change.key ?? jwsKey(alg).key, input))}`;
}
