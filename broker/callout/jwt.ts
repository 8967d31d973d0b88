import { type KeyObject, sign, verify } from "node:crypto";

import {
  type Bytes,
  type EpochMs,
  Fault,
  parseBase64url,
  parseUtf8,
  renderBase64url,
  sha256,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import { importServerNkey } from "../nats/index.ts";

/** The one header of NATS JWTs of version 2. */
const header = renderBase64url(utf8('{"typ":"JWT","alg":"ed25519-nkey"}'));
const maxServers = 64;
const serverKeys = new Map<string, KeyObject>();

function serverKey(nkey: string): KeyObject {
  const held = serverKeys.get(nkey);
  if (held !== undefined) return held;
  const made = importServerNkey(nkey);
  const [oldest] = serverKeys.keys();
  if (serverKeys.size >= maxServers && oldest !== undefined) serverKeys.delete(oldest);
  serverKeys.set(nkey, made);
  return made;
}

/** Who signs, and as whom. */
export interface JwtIssuer {
  /** Public account nkey. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Makes and signs a NATS JWT of these claims; issuer, time and id are added. */
export function renderJwt(
  claims: Readonly<Record<string, unknown>>,
  issuer: JwtIssuer,
  now: EpochMs,
): string {
  const issued = { ...claims, iss: issuer.name, iat: Math.floor(now / 1000) };
  const jti = renderBase64url(sha256(utf8(JSON.stringify(issued))));
  const input = `${header}.${renderBase64url(utf8(JSON.stringify({ ...issued, jti })))}`;
  return `${input}.${renderBase64url(sign(null, utf8(input), issuer.key))}`;
}

function parseClaims(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(parseUtf8(parseBase64url(part)));
  if (typeof value !== "object" || value === null)
    throw new Fault("JSON_MALFORMED", "not an object");
  return { ...value };
}

function isHeaderOurs(part: string): boolean {
  const { typ, alg } = parseClaims(part);
  return typ === "JWT" && alg === "ed25519-nkey";
}

/**
 * The claims of a NATS JWT that the server named as its issuer signed. Whether they are about what we were
 * asked, and still count, is the caller's to check.
 *
 * @throws {Fault} CALLOUT_REQUEST_INVALID
 */
export function verifyServerJwt(bytes: Bytes): Readonly<Record<string, unknown>> {
  try {
    const [head = "", body = "", signature = "", ...more] = parseUtf8(bytes).split(".");
    const claims = parseClaims(body);
    const key = serverKey(String(claims["iss"]));
    const isSigned = verify(null, utf8(`${head}.${body}`), key, parseBase64url(signature));
    if (more.length > 0 || !isHeaderOurs(head) || !isSigned) {
      throw new Fault(
        "CALLOUT_REQUEST_INVALID",
        "the request is not signed by the server it names",
      );
    }
    return claims;
  } catch (error) {
    if (error instanceof Fault && error.code === "CALLOUT_REQUEST_INVALID") throw error;
    throw new Fault("CALLOUT_REQUEST_INVALID", "the request is not a server's JWT", {
      cause: toFault(error, "CALLOUT_REQUEST_INVALID"),
    });
  }
}
