import { setImmediate as turn } from "node:timers/promises";

import type { Clock } from "../../schemas/ground/index.ts";

/** Lets everybody else have a turn in time. */
export interface Pace {
  /** Whether the piece has been as long as one may be. */
  isDue(): boolean;
  /** Ends the piece: what waits is done, and the next piece begins. */
  rest(): Promise<void>;
}

/** A piece is this long; what is done between two looks at the clock comes to it. */
const pieceMs = 10;

/** Pieces are told by time and not by number: one message costs a hundred times what another does. */
export function makePace(clock: Pick<Clock, "elapsed">): Pace {
  let began = clock.elapsed();
  return {
    isDue: () => clock.elapsed() - began >= pieceMs,
    rest: async () => {
      await turn();
      began = clock.elapsed();
    },
  };
}

/** What is put in order at once. */
const slice = 500;

type Compare<T> = (a: T, b: T) => number;

/** Of two that are the same in order the left one comes first. */
async function merge<T extends object>([left = [], right = []]: readonly (readonly T[])[], compare: Compare<T>, pace: Pace): Promise<readonly T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (merged.length < left.length + right.length) {
    const [a, b] = [left[l], right[r]];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged.push(a);
      l += 1;
    } else if (b !== undefined) {
      merged.push(b);
      r += 1;
    }
    if (pace.isDue()) await pace.rest();
  }
  return merged;
} // prettier-ignore

function inLots<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** As `toSorted`, in pieces. */
export async function sortInPieces<T extends object>(
  all: readonly T[],
  compare: Compare<T>,
  pace: Pace,
): Promise<readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (const lot of inLots(all, slice)) {
    runs.push(lot.toSorted(compare));
    if (pace.isDue()) await pace.rest();
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = [];
    for (const pair of inLots(runs, 2)) merged.push(await merge(pair, compare, pace));
    runs = merged;
  }
  return runs[0] ?? [];
}
