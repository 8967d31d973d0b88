import { replaceFile } from "../../schemas/disk/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** Replaces a file that anybody may read. Unsynced it can be lost in a power cut: the log's folder is made anew then. */
export function publishFile(file: string, bytes: Bytes, isSynced: boolean): void {
  replaceFile(file, bytes, { mode: 0o644, sync: isSynced ? "all" : "nothing" });
}
