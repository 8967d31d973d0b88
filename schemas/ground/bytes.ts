import { hash, timingSafeEqual } from "node:crypto";

import { Fault } from "./fault.ts";

/** Raw bytes. Never assumed to be text; never compared with `===`. */
export type Bytes = Uint8Array;

const base64url = /^[A-Za-z0-9_-]*$/;

/** SHA-256 of `bytes`, 32 bytes. */
export function sha256(bytes: Bytes): Bytes {
  return hash("sha256", bytes, "buffer");
}

/** Base64url without padding (RFC 4648 §5). */
export function renderBase64url(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/**
 * Reads base64url without padding, in its one canonical spelling: no padding, no white space, no other
 * alphabet, and no stray bits at the end. So one value has one text, and no text can be varied unseen.
 *
 * @throws {Fault} BYTES_NOT_CANONICAL
 */
export function parseBase64url(text: string): Bytes {
  const bytes = Buffer.from(text, "base64url");
  if (!base64url.test(text) || bytes.toString("base64url") !== text) {
    throw new Fault("BYTES_NOT_CANONICAL", "not canonical base64url");
  }
  return bytes;
}

/** Lower-case hexadecimal. */
export function renderHex(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** UTF-8 bytes of `text`. */
export function utf8(text: string): Bytes {
  return Buffer.from(text, "utf8");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of UTF-8 bytes, refused when they are not UTF-8.
 *
 * @throws {Fault} BYTES_NOT_TEXT
 */
export function parseUtf8(bytes: Bytes): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    throw new Fault("BYTES_NOT_TEXT", "not UTF-8", { cause });
  }
}

/** Equality in time that depends on the length only. */
export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** One array holding all of `pieces` in order. */
export function concatBytes(...pieces: readonly Bytes[]): Bytes {
  return Buffer.concat(pieces);
}

/**
 * A map key for bytes: one character a byte. Two byte strings have the same key exactly when they are
 * equal; the key is for memory only, never shown or stored.
 */
export function bytesKey(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
