import { verify } from "node:crypto";

import { bytesKey, type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import { childOf, type Der } from "./der.ts";
import type { KeyType, PublicKey } from "./public-key.ts";

/** What certificates, CRLs and requests have alike: bytes, and a signature over them. */
export interface Signed {
  /** The signed part, as it stands. */
  readonly tbs: Bytes;
  /** The kind of key that makes signatures of the algorithm named. */
  readonly signatureType: KeyType;
  readonly signature: Bytes;
}

/** AlgorithmIdentifiers in full, RFC 5758 §3.2 and RFC 8410 §3: no parameters, one hash for each curve. */
const algorithms: Readonly<Record<string, KeyType>> = {
  "300a06082a8648ce3d040302": "P-256",
  "300a06082a8648ce3d040303": "P-384",
  "300506032b6570": "Ed25519",
};

const hashes: Readonly<Record<KeyType, string | null>> = {
  "P-256": "sha256",
  "P-384": "sha384",
  Ed25519: null,
};

/** `SEQUENCE { tbs, algorithm, signature }` taken apart; what the algorithm is, is not judged. */
export interface SignedParts extends Pick<Signed, "tbs" | "signature"> {
  readonly body: Der;
  readonly algorithm: Bytes;
}

/**
 * Takes `SEQUENCE { tbs, algorithm, signature }` apart, whatever its algorithm.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function splitSigned(outer: Der): SignedParts {
  const body = childOf(outer, 0, 0x30);
  const algorithm = childOf(outer, 1, 0x30).bytes;
  const bits = childOf(outer, 2, 0x03).content;
  if (outer.tag !== 0x30 || outer.children.length !== 3 || bits[0] !== 0) {
    throw new Fault("CERT_MALFORMED", "not a signed document of X.509");
  }
  return { body, algorithm, tbs: body.bytes, signature: bits.subarray(1) };
}

/**
 * Takes a document of ours apart: `splitSigned`, and its algorithm is one of ours.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function parseSigned(outer: Der): Signed & SignedParts {
  const parts = splitSigned(outer);
  const signatureType = algorithms[renderHex(parts.algorithm)];
  if (signatureType === undefined) {
    throw new Fault("CERT_MALFORMED", "the signature algorithm is not one we accept");
  }
  return { ...parts, signatureType };
}

/** Who was proved to have signed what; keys are objects that only parsing makes, so it cannot be fed. */
const proven = new WeakMap<Signed, Set<string>>();

/**
 * Whether `issuer` made the signature of `signed`. A yes is remembered for as long as `signed` lives, so
 * an issuing certificate or a CRL is verified once for all the leaves beneath it.
 */
export function isSignedBy(signed: Signed, issuer: PublicKey): boolean {
  if (signed.signatureType !== issuer.keyType) return false;
  const id = bytesKey(issuer.spki);
  const known = proven.get(signed);
  if (known?.has(id) === true) return true;
  if (!verify(hashes[issuer.keyType], signed.tbs, issuer.publicKey, signed.signature)) return false;
  if (known === undefined) proven.set(signed, new Set([id]));
  else known.add(id);
  return true;
}
