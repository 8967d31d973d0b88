import { z } from "zod";

import { parseInstant } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";

/**
 * Reads base64 with its padding, in its one spelling (RFC 4648 §4): no white space, no other alphabet, no stray
 * bits at the end.
 *
 * @throws {Fault} BYTES_NOT_CANONICAL
 */
export function parseBase64(text: string): Bytes {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return bytes;
  throw new Fault("BYTES_NOT_CANONICAL", "not canonical base64 with its padding");
}

/** Finer fractions than a millisecond are cut off: nothing that is judged tells them apart. */
const fine = /^(.{19}\.\d{3})\d{1,6}([Z+-].{0,5})$/;

/** The moment an RFC 3339 text names, to the millisecond; undefined when it is none. */
export function findMoment(text: string): EpochMs | undefined {
  return text.length > 40 ? undefined : parseInstant(text.replace(fine, "$1$2"));
}

/** Bytes in base64. */
export const base64 = z.string().transform(parseBase64);

/** A moment in RFC 3339 with its offset. */
export const moment = z.string().transform((text): EpochMs => {
  const at = findMoment(text);
  if (at !== undefined) return at;
  const way = "a moment in RFC 3339 with its offset, such as 2026-03-09T14:05:00Z";
  throw new Fault("REQUEST_INVALID", `a time is ${way}`);
});
