import { createHash, type KeyObject, verify } from "node:crypto";

import { bytesKey, type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import { childOf, type Der } from "./der.ts";
import { certLimits } from "./limits.ts";
import { digestOfKey, type KeyType } from "./public-key.ts";
import type { SubjectKey } from "./subject-key.ts";

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

/**
 * Signatures that were proved, by the exact octets of key, signature and document; so a document that comes again
 * with the next register costs a hash. Only a yes is kept, and no yes without the arithmetic. The oldest goes first.
 */
const proven = new Set<string>();

/** One text for each triple: what stands before the document has its length told. */
function nameProof({ tbs, signature }: Signed, key: KeyObject): string {
  const digest = createHash("sha256").update(digestOfKey(key));
  digest.update(Buffer.of(signature.length >> 8, signature.length & 0xff));
  return bytesKey(digest.update(signature).update(tbs).digest());
}

/**
 * Whether `issuer` made the signature of `signed`. A yes is remembered by what was signed, not by who holds it, so an
 * issuing certificate or a CRL is verified once for all the leaves beneath it and all the registers that hold it.
 */
export function isSignedBy(signed: Signed, issuer: SubjectKey): boolean {
  if (signed.signatureType !== issuer.keyType) return false;
  const name = nameProof(signed, issuer.publicKey);
  if (proven.has(name)) return true;
  if (!verify(hashes[signed.signatureType], signed.tbs, issuer.publicKey, signed.signature))
    return false;
  const [oldest] = proven;
  if (oldest !== undefined && proven.size >= certLimits.maxProvenSignatures) proven.delete(oldest);
  proven.add(name);
  return true;
}
