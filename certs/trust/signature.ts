import { type KeyObject, verify } from "node:crypto";

import {
  type Bytes,
  Fault,
  parseBase64url,
  renderBase64url,
  utf8,
} from "../../schemas/ground/index.ts";
import { rawToDer } from "../shape/index.ts";

/**
 * What a signature is for. It stands in the signed header as `typ`, so that a signature over one kind of
 * statement can never be shown as one over another.
 */
export type StatementType =
  | "atumpan-envelope"
  | "atumpan-slip"
  | "atumpan-receipt"
  | "atumpan-register"
  | "atumpan-sealing-key"
  | "atumpan-renewal"
  | "atumpan-carry"
  | "atumpan-audit"
  | "atumpan-backup"
  | "atumpan-inspection"
  | "atumpan-relay"
  | "atumpan-hub-order"
  | "atumpan-join-kit";

/** Algorithms we verify; which of them are in force is the register's word. */
export type SignatureAlgorithm = "ES256" | "EdDSA" | "ML-DSA-65";

/** The protected header of our signatures, RFC 7515 §4 and RFC 7797. */
export interface SignatureHeader {
  readonly alg: SignatureAlgorithm;
  /** The signer: an agency, or for the register an authority. Checked against the certificate, never believed alone. */
  readonly kid: string;
  readonly typ: StatementType;
  /**
   * SHA-256 of the signer's certificate, RFC 7515 §4.1.8; for the register and for keys that no certificate can hold,
   * of the public key (SubjectPublicKeyInfo).
   */
  readonly thumbprint: Bytes;
}

/** A detached JWS, taken apart. */
export interface DetachedSignature extends SignatureHeader {
  /** The header as it was signed. */
  readonly encodedHeader: string;
  readonly value: Bytes;
}

/** The header at its longest, and what is signed: ML-DSA-65 takes 4,412 characters. */
const maxHeaderChars = 400;
const maxSignatureChars = 5000;

/** What each algorithm takes for a key (as the platform names it), and gives. */
const algorithms: Readonly<Record<SignatureAlgorithm, { keyType: string; bytes: number }>> = {
  ES256: { keyType: "ec", bytes: 64 },
  EdDSA: { keyType: "ed25519", bytes: 64 },
  /** FIPS 204, under the name that the IETF's JOSE drafts give it. */
  "ML-DSA-65": { keyType: "ml-dsa-65", bytes: 3309 },
};
const algorithmNames = ["ES256", "EdDSA", "ML-DSA-65"] as const;
const types = [
  "atumpan-envelope",
  "atumpan-slip",
  "atumpan-receipt",
  "atumpan-register",
  "atumpan-sealing-key",
  "atumpan-renewal",
  "atumpan-carry",
  "atumpan-audit",
  "atumpan-backup",
  "atumpan-inspection",
  "atumpan-relay",
  "atumpan-hub-order",
  "atumpan-join-kit",
] as const satisfies readonly StatementType[];

/** The one spelling of a header: members in alphabetical order, no white space. */
function renderHeaderJson({ alg, kid, typ, thumbprint }: SignatureHeader): string {
  const x5t = renderBase64url(thumbprint);
  return JSON.stringify({ alg, b64: false, crit: ["b64"], kid, typ, "x5t#S256": x5t });
}

/** The encoded protected header of a signature that is about to be made. */
export function renderSignatureHeader(header: SignatureHeader): string {
  return renderBase64url(utf8(renderHeaderJson(header)));
}

/** The bytes that are signed, RFC 7797 §5.2: the encoded header, a full stop, the payload as it is. */
export function signingInput(encodedHeader: string, payload: Bytes): Bytes {
  return Buffer.concat([Buffer.from(`${encodedHeader}.`, "ascii"), payload]);
}

function isHeaderJson(value: unknown): value is Record<"alg" | "kid" | "typ" | "x5t#S256", string> {
  return (
    typeof value === "object" &&
    value !== null &&
    ["alg", "kid", "typ", "x5t#S256"].every(
      (key) => typeof Object.entries(value).find(([name]) => name === key)?.[1] === "string",
    )
  );
}

function parseHeader(encoded: string): SignatureHeader {
  const json = Buffer.from(parseBase64url(encoded)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Fault("SIGNATURE_MALFORMED", "the protected header is not JSON", { cause });
  }
  if (!isHeaderJson(value)) {
    throw new Fault("SIGNATURE_MALFORMED", "the protected header lacks a member");
  }
  const alg = algorithmNames.find((known) => known === value.alg);
  if (alg === undefined) {
    throw new Fault("SIGNATURE_ALGORITHM_NOT_PERMITTED", "the algorithm is none that we verify");
  }
  const typ = types.find((known) => known === value.typ);
  if (typ === undefined) throw new Fault("SIGNATURE_MALFORMED", "the statement type is not ours");
  const header = {
    alg,
    kid: value.kid,
    typ,
    thumbprint: parseBase64url(value["x5t#S256"]),
  } as const;
  // compared as it was sent: bytes that are not UTF-8 read as a text that is written in other bytes
  if (renderSignatureHeader(header) !== encoded || header.thumbprint.length !== 32) {
    throw new Fault("SIGNATURE_MALFORMED", "the protected header is not in its one spelling");
  }
  return header;
}

/** One signer uses one header for long, so parsed headers are kept; bounded, oldest out first. */
const parsedHeaders = new Map<string, SignatureHeader>();
const maxParsedHeaders = 4096;

function parseHeaderOnce(encoded: string): SignatureHeader {
  const held = parsedHeaders.get(encoded);
  if (held !== undefined) return held;
  const header = parseHeader(encoded);
  const [oldest] = parsedHeaders.keys();
  if (oldest !== undefined && parsedHeaders.size >= maxParsedHeaders) parsedHeaders.delete(oldest);
  parsedHeaders.set(encoded, header);
  return header;
}

/**
 * Reads a detached JWS in compact form, `header..signature` (RFC 7515 appendix F). Exactly the members we
 * write, in the one order and spelling; so no `jku`, `jwk`, `x5u`, no other `crit`, no `none`.
 *
 * @throws {Fault} SIGNATURE_MALFORMED, SIGNATURE_ALGORITHM_NOT_PERMITTED, BYTES_NOT_CANONICAL
 */
export function parseSignature(text: string): DetachedSignature {
  if (text.length > maxSignatureChars) {
    throw new Fault(
      "SIGNATURE_MALFORMED",
      `a signature has at most ${maxSignatureChars} characters`,
    );
  }
  const middle = text.indexOf("..");
  const encodedHeader = text.slice(0, Math.max(middle, 0));
  const signature = text.slice(middle + 2);
  const isTwo = middle >= 0 && !`${encodedHeader}${signature}`.includes(".");
  if (!isTwo || encodedHeader.length > maxHeaderChars) {
    throw new Fault("SIGNATURE_MALFORMED", "not a detached JWS in compact form");
  }
  const header = parseHeaderOnce(encodedHeader);
  const value = parseBase64url(signature);
  const { bytes } = algorithms[header.alg];
  if (value.length !== bytes) {
    throw new Fault("SIGNATURE_MALFORMED", `a signature of ${header.alg} has ${bytes} bytes`);
  }
  return { ...header, encodedHeader, value };
}

/** The compact detached form of a signature. */
export function renderSignature(encodedHeader: string, value: Bytes): string {
  return `${encodedHeader}..${renderBase64url(value)}`;
}

/** Whether a key is of the kind that makes signatures of this algorithm. */
export function fitsKey(alg: SignatureAlgorithm, key: KeyObject): boolean {
  return key.asymmetricKeyType === algorithms[alg].keyType;
}

/** Whether `key` signed exactly `payload` under exactly this header. Says nothing of who holds the key. */
export function isSignatureValid(
  signature: DetachedSignature,
  payload: Bytes,
  key: KeyObject,
): boolean {
  const input = signingInput(signature.encodedHeader, payload);
  if (!fitsKey(signature.alg, key)) return false;
  if (signature.alg === "ES256") return verify("sha256", input, key, rawToDer(signature.value));
  return verify(null, input, key, signature.value);
}
