import { setImmediate as turn } from "node:timers/promises";

import { Fault, parseUtf8 } from "../../schemas/ground/index.ts";
import {
  type CountTable,
  type CountWish,
  makeRow,
  type RawRow,
  tellRows,
  valueOf,
} from "../../certs/oversight/index.ts";
import type { CountedLog, OversightCounts, StoredPiece } from "../store/index.ts";
import { unpackRuns } from "./pack.ts";
import { RunHeap } from "./run-heap.ts";

/** Which counts, and how they are told. */
export interface AskedCounts extends CountWish {
  /** The origin of a log; the one that the hub keeps now when left out. */
  readonly log?: string | undefined;
  /** Whether all positions are told, or the first hundred runs of each. */
  readonly isAll: boolean;
  /** Figures below it are withheld; 0: none. */
  readonly smallest: number;
}

/** What can be told at once. */
const maxRows = 5_000;
const maxRuns = 200_000;

interface Group {
  readonly of: Readonly<Record<string, string>>;
  readonly runs: RunHeap;
}

/** The figures that cells of one day go into; an entry stands in one cell, so that no run is in two. */
function addDay(groups: Map<string, Group>, pieces: readonly StoredPiece[], { by, size }: { readonly by: CountWish["by"]; readonly size: number }): void {
  for (const [, own] of Map.groupBy(pieces, ({ seq }) => seq)) {
    const [cell] = own;
    if (cell === undefined) continue;
    const of = Object.fromEntries(by.map((name) => [name, valueOf(cell, name)]));
    const key = JSON.stringify(of);
    const group = groups.get(key) ?? { of, runs: new RunHeap() };
    groups.set(key, group);
    // what was counted since this table was begun is not of it
    unpackRuns(own.map(({ packed }) => packed), (first, last) => {
      if (first < size) group.runs.add(first, Math.min(last, size - 1));
    });
  }
  if (groups.size > maxRows) {
    throw new Fault("REQUEST_INVALID", `more than ${maxRows} figures: count by less, or over a shorter time`);
  }
} // prettier-ignore

function findLog(counts: OversightCounts, { hub, log }: { readonly hub: string | undefined; readonly log: string | undefined }): CountedLog {
  const found = log === undefined ? counts.of(hub ?? "") : counts.log(log);
  if (found !== undefined && found.size > 0) return found;
  throw new Fault("NOT_FOUND", "nothing is counted of this log yet");
} // prettier-ignore

/**
 * Counts of a hub's log, each with the positions it was counted from. Others have their turn between.
 *
 * @throws {Fault} NOT_FOUND, REQUEST_INVALID, INTEGRITY_STORE
 */
export async function makeCounts(counts: OversightCounts, hub: string | undefined, asked: AskedCounts): Promise<CountTable> {
  const { from, until, by, isAll, smallest } = asked;
  const { origin, size, note } = findLog(counts, { hub, log: asked.log });
  const groups = new Map<string, Group>();
  for (const day of counts.days(origin, { from, until })) {
    addDay(groups, counts.ofDay(origin, day), { by, size });
    await turn();
  }
  const rows: RawRow[] = [];
  let told = 0;
  for (const [key, { of, runs: heap }] of groups) {
    groups.delete(key);
    const runs = heap.take();
    if (runs.length > 0) rows.push(makeRow(of, runs, isAll));
    told += runs.length;
    if (isAll && told > maxRuns) {
      throw new Fault("REQUEST_INVALID", `more than ${maxRuns} runs of positions: leave positions=all out, or take a shorter time`);
    }
  }
  if ((counts.log(origin)?.size ?? 0) < size) throw new Fault("NOT_FOUND", "this log is being counted anew: ask again later");
  const span = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  const shown = tellRows(rows, { by, smallest });
  return { log: origin, size, checkpoint: parseUtf8(note), ...span, by, smallest, rows: shown };
} // prettier-ignore
