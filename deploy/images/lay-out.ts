import { chmodSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { type Entry, readEntry, sortEntries } from "./entries.ts";

/**
 * Writes entries as files into a folder that is not there yet, each with its mode and the same time; who owns them is said
 * where they are copied on. For a Dockerfile, whose next stage takes the folder over.
 */
export function layOut(entries: readonly Entry[], folder: string, seconds: number): void {
  const sorted = sortEntries(entries);
  mkdirSync(folder, { recursive: true });
  for (const entry of sorted) {
    const at = join(folder, entry.path);
    mkdirSync(entry.content === undefined ? at : dirname(at), { recursive: true });
    if (entry.content !== undefined) writeFileSync(at, readEntry(entry));
    chmodSync(at, entry.mode);
  }
  // from the bottom up: what is written into a folder changes its time
  for (const { path } of sorted.toReversed()) utimesSync(join(folder, path), seconds, seconds);
  utimesSync(folder, seconds, seconds);
}
