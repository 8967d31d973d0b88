import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseBase64url,
  parseUtf8,
  renderBase64url,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import type { LeafKind } from "../shape/index.ts";

/** A gateway's wish for the next certificate of one kind, as it is carried to its authority. */
export interface RenewalRequest {
  readonly agency: string;
  readonly kind: LeafKind;
  /** PKCS #10, DER, signed by the new key. */
  readonly request: Bytes;
  readonly at: EpochMs;
  /** Detached JWS by a signing key that the register names for the agency: whoever carries the file proves nothing. */
  readonly signature: string;
}

const maxFileBytes = 32 * 1024;
const shape = z.strictObject({
  agency: z.string().max(60),
  kind: z.enum(["LINK", "SERVER", "SIGNING", "SEALING"]),
  request: z.string().max(8192),
  at: z.int().nonnegative(),
  signature: z.string().max(8192),
});

/** The name that a key and all that is about it bear in files: its kind, and the beginning of its digest. */
export function renewalName(kind: LeafKind, spki: Bytes): string {
  return `${kind.toLowerCase()}-${renderHex(sha256(spki)).slice(0, 16)}`;
}

/** The bytes an asker signs: that the agency itself wants a certificate of this kind for this request. */
export function renderRenewalAsked({
  agency,
  kind,
  request,
  at,
}: Omit<RenewalRequest, "signature">): Bytes {
  return utf8(
    `atumpan renewal 1\n${agency}\n${kind}\n${at}\n${renderBase64url(sha256(request))}\n`,
  );
}

/** The request as its file holds it. */
export function renderRenewalRequest({ request, ...rest }: RenewalRequest): string {
  return `${JSON.stringify({ ...rest, request: renderBase64url(request) })}\n`;
}

/**
 * Reads a request's file. Nothing of it is believed yet.
 *
 * @throws {Fault} CSR_INVALID
 */
export function parseRenewalRequest(bytes: Bytes): RenewalRequest {
  try {
    const text = parseUtf8(bytes.subarray(0, maxFileBytes + 1));
    const { request, ...rest } = shape.parse(parseJsonText(text, maxFileBytes));
    return { ...rest, request: parseBase64url(request) };
  } catch (cause) {
    throw new Fault("CSR_INVALID", "the file is not a request for renewal", { cause });
  }
}
