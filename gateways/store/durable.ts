import { closeSync, copyFileSync, fsyncSync, openSync } from "node:fs";

import { checkNotHeld } from "./drivers/held-files.ts";

function syncFile(path: string): void {
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Copies a file that nobody has open, readable by its owner alone, and waits until it is on the disk. @throws {Fault} INTERNAL when it is a store that is open here */
export function copyFileWhole(from: string, to: string): void {
  checkNotHeld(from);
  checkNotHeld(to);
  copyFileSync(from, to);
  syncFile(to);
}
