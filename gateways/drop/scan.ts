import { opendir } from "node:fs/promises";
import { join } from "node:path";

import type { Clock } from "../../schemas/ground/index.ts";
import { isSameLook, lookAt, type Look } from "./disk.ts";
import { isPassedOver, readyMark } from "./name.ts";

/** How many names are held at once: a folder of any size is gone through in such pieces. */
const window = 1_000;
/** How long a marked file must lie unchanged. */
const markedMs = 200;

/** The first names of a folder in the order of their bytes, each as Latin-1 so that none is lost; at most `window`. */
export async function listFirst(
  folder: string,
  choose: (raw: string) => string | undefined,
): Promise<readonly string[]> {
  let held: string[] = [];
  const dir = await opendir(folder, { encoding: "latin1", bufferSize: 128 });
  for await (const { name } of dir) {
    const chosen = choose(name);
    if (chosen === undefined) continue;
    held.push(chosen);
    if (held.length >= 2 * window) held = firstOf(held);
  }
  return firstOf(held);
}

function firstOf(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, window);
}

/** A path of bytes, for a name that need not be text. */
export function rawPath(folder: string, raw: string): Buffer {
  return Buffer.concat([Buffer.from(join(folder, "/")), Buffer.from(raw, "latin1")]);
}

/** Something in `in/` that lies there whole. */
export interface Found {
  readonly raw: string;
  /** Otherwise a link, folder, device or pipe. */
  readonly isFile: boolean;
}

interface Seen extends Look {
  readonly at: number;
}

/** What `in/` is looked through with. */
export interface ScanOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, "elapsed">;
  readonly settleMs: number;
  /** Whether only what has a mark beside it counts. */
  readonly needsMark: boolean;
}

/** One look: what counts now, in the order of names, and whether something is there that does not yet. */
export interface Scan {
  readonly found: readonly Found[];
  readonly isMoving: boolean;
}

/**
 * Looks through `in/`, look after look. A file counts when it did not change between two looks far enough apart; one
 * that is marked needs less. Remembers no more than one window of names.
 */
export function makeScan({ folder, clock, settleMs, needsMark }: ScanOptions): () => Promise<Scan> {
  let seen = new Map<string, Seen>();
  const choose = (raw: string): string | undefined => {
    if (!needsMark) return isPassedOver(raw) ? undefined : raw;
    if (!raw.endsWith(readyMark)) return undefined;
    const named = raw.slice(0, -readyMark.length);
    return named === "" || isPassedOver(named) ? undefined : named;
  };
  const hasMark = async (raw: string): Promise<boolean> =>
    needsMark || (await lookAt(rawPath(folder, `${raw}${readyMark}`))) !== undefined;
  return async () => {
    const found: Found[] = [];
    const next = new Map<string, Seen>();
    for (const raw of await listFirst(folder, choose)) {
      const look = await lookAt(rawPath(folder, raw));
      if (look === undefined) continue;
      const before = seen.get(raw);
      const now = clock.elapsed();
      const at = before !== undefined && isSameLook(before, look) ? before.at : now;
      const waitMs = (await hasMark(raw)) ? Math.min(markedMs, settleMs) : settleMs;
      if (now - at >= waitMs) found.push({ raw, isFile: look.isFile });
      next.set(raw, { ...look, at });
    }
    seen = next;
    return { found, isMoving: next.size > found.length };
  };
}
