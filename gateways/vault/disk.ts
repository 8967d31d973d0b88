import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { randomFillSync } from "node:crypto";
import { join } from "node:path";

import { replaceFile } from "../../schemas/disk/index.ts";
import { type Bytes, toFault } from "../../schemas/ground/index.ts";
import { checkNotHeld } from "../store/index.ts";

const pieceBytes = 1024 * 1024;

/** Makes a file's bytes last. @throws {Fault} INTERNAL when it is a store that is open here */
export function syncFile(path: string): void {
  checkNotHeld(path);
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes a file, readable to its owner alone, so that an end at any moment leaves the old or the new one, whole.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function writeWhole(path: string, bytes: Bytes): void {
  try {
    replaceFile(path, bytes, { mode: 0o600 });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${path} could not be written`);
  }
}

/** Writes noise over all bytes of an open file, or its first ones, and brings it to the disk. What the disk keeps elsewhere is out of reach. */
export function overwrite(handle: number, firstBytes = Number.POSITIVE_INFINITY): void {
  const size = Math.min(fstatSync(handle).size, firstBytes);
  const noise = Buffer.alloc(Math.min(pieceBytes, Math.max(1, size)));
  for (let at = 0; at < size;) {
    randomFillSync(noise);
    at += writeSync(handle, noise, 0, Math.min(noise.length, size - at), at);
  }
  fsyncSync(handle);
}

/** Overwrites a file, or its first bytes, where it lies and removes it; nothing to do when it is not there. @throws {Fault} INTERNAL when it is a store that is open here */
export function shredFile(path: string, firstBytes?: number): void {
  if (!existsSync(path)) return;
  checkNotHeld(path);
  const handle = openSync(path, "r+");
  try {
    overwrite(handle, firstBytes);
  } finally {
    closeSync(handle);
  }
  rmSync(path);
}

/** Does the same to all files of a folder and those below, and removes the folder. Links are removed, not followed. */
export function shredFolder(dir: string, firstBytes?: number): void {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) shredFolder(path, firstBytes);
    else if (entry.isFile()) shredFile(path, firstBytes);
    else rmSync(path);
  }
  rmSync(dir, { recursive: true });
}

/** The files of a folder whose name begins so, with their path. */
export function listBeginning(dir: string, beginning: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(beginning))
    .map(({ name }) => join(dir, name));
}

/** The folders of a folder whose name begins so, with their path. */
export function listFolders(dir: string, beginning: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(beginning))
    .map(({ name }) => join(dir, name));
}
