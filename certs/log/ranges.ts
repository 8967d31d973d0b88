import { Fault } from "../../schemas/ground/index.ts";

/** A complete subtree: the 2^level leaves from index·2^level on. */
export interface Position {
  readonly level: number;
  readonly index: number;
}

/** The leaves from `start` up to, and without, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Refuses what is no size of a tree or place in it: a whole number up to 2^53−1, which is where numbers stop
 * being exact. A log of a million entries a second gets there in three centuries.
 *
 * @throws {Fault} LOG_PROOF_INVALID
 */
export function checkSize(size: number, name: string): void {
  if (Number.isSafeInteger(size) && size >= 0) return;
  throw new Fault("LOG_PROOF_INVALID", `${name} is not a whole number from 0 to 2^53-1`);
}

/** The largest power of two that is at most `n`, which is 1 or more. Numbers here outgrow the 32 bits of shifts. */
function largestPower(n: number): number {
  let power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}

/**
 * The complete subtrees that a range is made of, left to right, largest first. The range begins where a subtree
 * of its own size could begin, as all ranges of RFC 6962 do.
 */
export function splitRange({ start, end }: Range): readonly Position[] {
  const found: Position[] = [];
  let from = start;
  while (from < end) {
    const width = largestPower(end - from);
    found.push({ level: Math.log2(width), index: from / width });
    from += width;
  }
  return found;
}

/** Where the tree of RFC 6962 §2.1 is cut in two: `start` plus the largest power of two below its width. */
export function cutOf({ start, end }: Range): number {
  return start + largestPower(end - start - 1);
}
