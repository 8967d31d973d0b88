import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";

/** Entries of a log that follow each other, by the first and the last index. */
export type Run = readonly [first: number, last: number];

/** Where the entries of one figure stand: the first runs, how many more there are, and a digest of all. */
export interface Positions {
  readonly runs: readonly Run[];
  readonly left: number;
  /** SHA-256, in hexadecimal, of all runs as text: `0-4,7,9-10`. */
  readonly digest: string;
}

/** So many runs are told unless all are asked for. */
const fewRuns = 100;

/** Adds entries at the end; those that follow the last are of its run. */
export function addRun(runs: Run[], [first, last]: Run): void {
  const end = runs.at(-1);
  if (end !== undefined && end[1] + 1 === first) runs[runs.length - 1] = [end[0], last];
  else runs.push([first, last]);
}

/** How many entries there are in runs. */
export function countRuns(runs: readonly Run[]): number {
  return runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** Runs as text; one of a single entry is its index. */
export function renderRuns(runs: readonly Run[]): string {
  return runs
    .map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
    .join(",");
}

/** What is told of runs that rise and do not touch; all of them where that is asked for. */
export function makePositions(runs: readonly Run[], isAll: boolean): Positions {
  const told = isAll ? runs : runs.slice(0, fewRuns);
  const digest = renderHex(sha256(utf8(renderRuns(runs))));
  return { runs: told, left: runs.length - told.length, digest };
}
