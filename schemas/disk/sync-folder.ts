import { closeSync, fsyncSync, openSync } from "node:fs";

/** Waits until what was made, renamed or removed in a folder is on the disk. Throws what the disk says. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
