import { closeSync, copyFileSync, fsyncSync, openSync } from "node:fs";

import { checkNotHeld } from "./drivers/held-files.ts";

function sync(path: string, flags: "r" | "r+"): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Waits until what was made, renamed or removed in a folder is on the disk. */
export function syncFolder(folder: string): void {
  sync(folder, "r");
}

/** Copies a file that nobody has open, readable by its owner alone, and waits until it is on the disk. @throws {Fault} INTERNAL when it is a store that is open here */
export function copyFileWhole(from: string, to: string): void {
  checkNotHeld(from);
  checkNotHeld(to);
  copyFileSync(from, to);
  sync(to, "r+");
}
