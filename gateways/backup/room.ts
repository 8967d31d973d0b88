import { statfsSync, statSync } from "node:fs";

import { Fault } from "../../schemas/ground/index.ts";

/** Bytes that whoever asks may still write where a folder lies. */
export type FreeBytes = (dir: string) => number;

const systemFree: FreeBytes = (dir) => {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
};

/**
 * Refuses to open a backup where it would not fit, before anything of it is written.
 *
 * @throws {Fault} STORE_FULL
 */
export function checkRoom(file: string, dir: string, free: FreeBytes = systemFree): void {
  // a file that is not there is told by whoever reads it
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const needed = Math.ceil(bytes * 1.1);
  if (free(dir) >= needed) return;
  const megabytes = Math.ceil(needed / 1_000_000);
  throw new Fault("STORE_FULL", `${dir} has not the ${megabytes} MB of room that the backup takes; make room, or name another folder`);
} // prettier-ignore
