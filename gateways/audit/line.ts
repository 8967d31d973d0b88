import { type Bytes, renderHex, sameBytes, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { StoredAuditLine } from "../store/index.ts";

/** Stands before the first line. */
export const noHash: Bytes = new Uint8Array(32);

/** A line without its own hash. */
export type UnhashedLine = Omit<StoredAuditLine, "hash">;

/** What is hashed of a line: whoever is shown these bytes can tell which line of a record they are. */
export function renderLine(line: UnhashedLine): Bytes {
  const { position, at, who, act, object, purpose, outcome, address, count, digest, previous } =
    line;
  const members = [position, at, who, act, object, purpose, outcome, address, count, digest];
  return utf8(JSON.stringify(["atumpan-audit-1", ...members, renderHex(previous)]));
}

/**
 * The hash of a line: SHA-256 over a JSON array of its members in this order, the hash of the line before it in
 * hexadecimal last. Anybody can compute it again from what the record shows.
 */
export function hashLine(line: UnhashedLine): Bytes {
  return sha256(renderLine(line));
}

/** Where a record stands: its last line. */
export interface ChainEnd {
  readonly position: number;
  readonly hash: Bytes;
  readonly at: number;
}

/** What is wrong with the first line that does not follow from the one before. */
export interface ChainBreak {
  readonly position: number;
  readonly why: "MISSING" | "CHANGED" | "CLOCK";
}

/**
 * Follows lines from where a record stood: each has the next position, holds the hash of the one before, hashes to its
 * own, and is not earlier unless it says that the clock went back. Gives the new end, or the first break.
 */
export function followLines(
  end: ChainEnd,
  lines: readonly StoredAuditLine[],
): { readonly end: ChainEnd; readonly broken?: ChainBreak } {
  let at = end;
  for (const line of lines) {
    const { position } = line;
    const why = breakOf(at, line);
    if (why !== undefined) return { end: at, broken: { position, why } };
    at = line;
  }
  return { end: at };
}

function breakOf(end: ChainEnd, line: StoredAuditLine): ChainBreak["why"] | undefined {
  if (line.position !== end.position + 1) return "MISSING";
  if (!sameBytes(line.previous, end.hash) || !sameBytes(hashLine(line), line.hash)) {
    return "CHANGED";
  }
  return line.at < end.at && line.act !== "CLOCK_BACK" ? "CLOCK" : undefined;
}
