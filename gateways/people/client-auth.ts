import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";

import {
  type Bytes,
  isFault,
  parseBase64url,
  parseUtf8,
  utf8,
  tryShape,
} from "../../schemas/ground/index.ts";
import { parseJsonText } from "../../schemas/index.ts";

/** What a machine shows at the token endpoint. */
export type ClientProof =
  | { readonly kind: "SECRET"; readonly id: string; readonly secret: string }
  | { readonly kind: "ASSERTION"; readonly id: string; readonly assertion: Assertion };

/** A signed assertion (RFC 7523 §3), read but not proved. */
export interface Assertion {
  readonly id: string;
  readonly jti: string;
  /** Seconds. */
  readonly exp: number;
  readonly audiences: readonly string[];
  readonly alg: "ES256" | "EdDSA";
  readonly signed: Bytes;
  readonly signature: Bytes;
}

const maxBasic = 400;
const maxAssertion = 4_096;

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function unform(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Reads `Authorization: Basic`; undefined when it is not well formed. */
export function readBasic(header: string): ClientProof | undefined {
  const packed = header.length > maxBasic ? undefined : /^Basic ([A-Za-z0-9+/]{1,380}={0,2})$/i.exec(header)?.[1];
  if (packed === undefined) return undefined;
  const text = Buffer.from(packed, "base64").toString("utf8");
  const at = text.indexOf(":");
  if (at < 0) return undefined;
  const [id, secret] = [unform(text.slice(0, at)), unform(text.slice(at + 1))];
  return id === undefined || secret === undefined ? undefined : { kind: "SECRET", id, secret };
} // prettier-ignore

const headerShape = z.looseObject({
  alg: z.enum(["ES256", "EdDSA"]),
  crit: z.undefined().optional(),
});
const audience = z.string().max(400);
const claimsShape = z.looseObject({
  iss: z.string().max(100),
  sub: z.string().max(100),
  jti: z.string().min(8).max(200),
  exp: z.number().int(),
  aud: z.union([audience.transform((one) => [one]), z.array(audience).max(4)]),
});

function readJson(part: string): unknown {
  return parseJsonText(parseUtf8(parseBase64url(part)), maxAssertion);
}

/**
 * Reads a client assertion as a compact JWS in its one spelling; undefined when it is none, is not of one client about itself,
 * or is signed otherwise than by ES256 or EdDSA. Nothing is proved yet; keys its header names are not looked at.
 */
export function readAssertion(text: string): ClientProof | undefined {
  const parts = text.length > maxAssertion ? [] : text.split(".");
  const [head = "", body = "", tail = ""] = parts;
  if (parts.length !== 3) return undefined;
  try {
    const triedHeader = tryShape(headerShape, readJson(head));
    const triedClaims = tryShape(claimsShape, readJson(body));
    if (!triedHeader.success || !triedClaims.success) return undefined;
    const [header, claims] = [triedHeader.data, triedClaims.data];
    if (claims.iss !== claims.sub) return undefined;
    const { sub: id, jti, exp, aud: audiences } = claims;
    const signed = utf8(`${head}.${body}`);
    const { alg } = header;
    const assertion = { id, jti, exp, audiences, alg, signed, signature: parseBase64url(tail) };
    return { kind: "ASSERTION", id, assertion };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Whether this key (SPKI) signed the assertion, by the algorithm that is the key's own. */
export function isSignedBy({ alg, signed, signature }: Assertion, spki: Bytes): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    const fits = alg === (key.asymmetricKeyType === "ed25519" ? "EdDSA" : "ES256");
    const hash = alg === "EdDSA" ? null : "sha256";
    return verify(hash, signed, { key, dsaEncoding: "ieee-p1363" }, signature) && fits;
  } catch {
    // a signature of the wrong length is no error of ours
    return false;
  }
}
