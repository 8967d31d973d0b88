import { type Bytes, sameBytes } from "../../schemas/ground/index.ts";

/** What a reader holds of one sender's channel in one series. The lists rise and have at most 256 numbers. */
export interface SlipChain {
  /** Nothing is said of numbers before this one. */
  readonly first: number;
  readonly highest: number;
  /** SHA-256 of the slip with the highest number. */
  readonly digest: Bytes;
  readonly missing: readonly number[];
  /** Numbers the sender said fill no place. */
  readonly voided: readonly number[];
}

/** What of a slip moves a chain. */
export interface ChainSlip {
  readonly sequence: number;
  readonly digest: Bytes;
  readonly voided: readonly number[];
}

/** What of two slips shows whether one follows the other. */
export interface LinkedSlip {
  readonly sequence: number;
  readonly digest: Bytes;
  readonly previous?: Bytes | undefined;
}

/** Bounds what a sender with wild numbers can make us keep, and one held line. */
const maxListed = 256;

/** At most the last `maxListed` numbers between two, both left out. */
function between(low: number, high: number): readonly number[] {
  const from = Math.max(low + 1, high - maxListed);
  return Array.from({ length: Math.max(0, high - from) }, (_, i) => from + i);
}

function rising(numbers: Iterable<number>): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** Forgets the lowest missing numbers when there are too many; the chain then speaks of later ones only. */
function bound(chain: SlipChain, reach: number): SlipChain {
  const surplus = chain.missing.length - maxListed;
  const dropped = surplus > 0 ? (chain.missing[surplus - 1] ?? 0) + 1 : 0;
  return {
    ...chain,
    first: Math.max(chain.first, dropped, reach),
    missing: surplus > 0 ? chain.missing.slice(surplus) : chain.missing,
  };
}

/**
 * The chain after one more slip. The same slips in any order, any of them twice, end in one chain, as long
 * as no more than 256 numbers are missing at a time. The first slip seen starts a chain; earlier ones that
 * come late extend it downwards.
 */
export function advanceChain(chain: SlipChain | undefined, slip: ChainSlip): SlipChain {
  const { sequence, digest } = slip;
  if (chain === undefined) {
    const voided = rising(slip.voided).slice(-maxListed);
    return { first: sequence, highest: sequence, digest, missing: [], voided };
  }
  const above = between(chain.highest, sequence);
  const below = between(sequence, chain.first);
  const voided = rising([...chain.voided, ...slip.voided]).slice(-maxListed);
  const missing = rising([...chain.missing, ...above, ...below]).filter(
    (number) => number !== sequence && !voided.includes(number),
  );
  const next = {
    first: Math.min(chain.first, sequence),
    highest: Math.max(chain.highest, sequence),
    digest: sequence > chain.highest ? digest : chain.digest,
    missing,
    voided,
  };
  const [lowestAbove = 0] = above;
  const [lowestBelow = 0] = below;
  const skipped = above.length === maxListed && lowestAbove > chain.highest + 1 ? lowestAbove : 0;
  const unseen = below.length === maxListed && lowestBelow > sequence + 1 ? lowestBelow : 0;
  return bound(next, Math.max(skipped, unseen));
}

/** Whether two slips of one chain contradict each other: same number, other slip; or neighbours that do not link. */
export function isContradiction(a: LinkedSlip, b: LinkedSlip): boolean {
  if (a.sequence === b.sequence) return !sameBytes(a.digest, b.digest);
  if (b.sequence < a.sequence) return isContradiction(b, a);
  if (a.sequence + 1 !== b.sequence) return false;
  return b.previous === undefined || !sameBytes(b.previous, a.digest);
}
