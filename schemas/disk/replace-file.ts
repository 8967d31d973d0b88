import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import type { Bytes } from "../ground/index.ts";
import { syncFolder } from "./sync-folder.ts";

/** How a file is put in its place. */
export interface ReplaceOptions {
  /** Who may read it; as for any new file when none is given. */
  readonly mode?: number | undefined;
  /**
   * What is on the disk when the call returns: all of it (the rule); the bytes alone, where the caller syncs the folder
   * for many files at once; or nothing, where the file can be made anew. It is whole at every moment in each case.
   */
  readonly sync?: "all" | "bytes" | "nothing" | undefined;
}

function writeNext(next: string, bytes: Bytes, { mode = 0o666, sync }: ReplaceOptions): void {
  const handle = openSync(next, "wx", mode);
  try {
    // a disk that is nearly full takes a part, and says so only the next time
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    if (sync !== "nothing") fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Puts a file in the place of the one before: whoever reads it, also after a crash, has the old one or the new, whole.
 * It is written beside, as `<file>.new`; one that an earlier end left there goes. Throws what the disk says, and then
 * the old one stands.
 */
export function replaceFile(file: string, bytes: Bytes, options: ReplaceOptions = {}): void {
  const next = `${file}.new`;
  rmSync(next, { force: true });
  writeNext(next, bytes, options);
  renameSync(next, file);
  if ((options.sync ?? "all") === "all") syncFolder(dirname(file));
}
