import type { Bytes } from "../../schemas/ground/index.ts";

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Base64 with padding (RFC 4648 §4), as notes have it. */
export function renderBase64(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Reads base64 in its one spelling; undefined for every other. */
export function parseBase64(text: string): Bytes | undefined {
  if (!base64.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
