import { type Bytes, renderHex, sha256 } from "../../../schemas/ground/index.ts";

/** Hexadecimal digits that are compared: 160 bits, more than anyone can search for a twin of. */
const digits = 40;
const groupOf = 4;

/** The fingerprint of a document or key as it is written on paper: ten groups of four, from its SHA-256. */
export function renderFingerprint(bytes: Bytes): string {
  const hex = renderHex(sha256(bytes)).slice(0, digits);
  return Array.from({ length: digits / groupOf }, (_, at) =>
    hex.slice(at * groupOf, (at + 1) * groupOf),
  ).join(" ");
}

function plain(text: string): string {
  return text.replace(/[\s-]/g, "").toLowerCase();
}

/** Whether what was typed is the fingerprint; spaces, hyphens and the case of letters do not count. */
export function isFingerprintOf(typed: string, bytes: Bytes): boolean {
  return typed.length <= 200 && plain(typed) === plain(renderFingerprint(bytes));
}
