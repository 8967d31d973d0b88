import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { type Bytes, isFault, toFault } from "../../schemas/ground/index.ts";

/** A folder on some sticks cannot be synced; what was renamed is there all the same once the stick is. */
function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, "r");
    fsyncSync(handle);
  } catch {
    // no worse than a stick that is pulled out too soon: the file's own bytes are there
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/**
 * Writes a file that appears under its name only when all of it is on the disk. Nothing is overwritten but an earlier
 * file of the same name, and that as a whole. When the source breaks off, nothing is left.
 *
 * @returns its length in bytes
 * @throws {Fault} USAGE_INVALID when it cannot be written there; what the source throws
 */
export async function saveFile(path: string, source: AsyncIterable<Bytes>): Promise<number> {
  const unfinished = `${path}.new`;
  let handle: number | undefined;
  try {
    handle = openSync(unfinished, "w", 0o600);
    let length = 0;
    for await (const bytes of source) {
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      length += bytes.length;
    }
    fsyncSync(handle);
    closeSync(handle);
    handle = undefined;
    renameSync(unfinished, path);
    syncFolder(dirname(path));
    return length;
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    rmSync(unfinished, { force: true });
    if (isFault(error)) throw error;
    throw toFault(error, "USAGE_INVALID", `${path} cannot be written; is there room, and may you write there?`);
  }
} // prettier-ignore
