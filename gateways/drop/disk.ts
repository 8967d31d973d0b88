import { constants } from "node:fs";
import { lstat, mkdir, open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";

import { type Bytes, Fault, isFault, toFault } from "../../schemas/ground/index.ts";

/** The folders of a drop. */
export const folders = ["in", "work", "done", "rejected", "out"] as const;
/** One of `folders`. */
export type Folder = (typeof folders)[number];

/** What tells that a file did not change between two looks. */
export interface Look {
  readonly size: number;
  readonly modified: number;
  readonly inode: number;
}

/** A file's bytes, and what they were when they were read. */
export interface ReadFile {
  readonly bytes: Bytes;
  readonly look: Look;
}

/** Whether two looks saw the same. */
export function isSameLook(a: Look, b: Look): boolean {
  return a.size === b.size && a.modified === b.modified && a.inode === b.inode;
}

/** The error of a system call, by its name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/**
 * Makes what is missing of the five folders, and sees that files can be moved between them as a whole.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export async function openFolders(dir: string): Promise<void> {
  try {
    const disks = new Set<number>();
    for (const folder of folders) {
      const path = join(dir, folder);
      await mkdir(path, { recursive: true, mode: 0o770 });
      const found = await lstat(path);
      if (!found.isDirectory()) throw new Fault("CONFIG_INVALID", `drop.dir: ${folder} is no folder`);
      disks.add(found.dev);
    }
    if (disks.size === 1) return;
  } catch (error) {
    throw isFault(error) ? error : toFault(error, "CONFIG_INVALID", "drop.dir cannot be used; may the gateway write there?");
  }
  throw new Fault("CONFIG_INVALID", "drop.dir: its folders lie on different disks, so nothing can be moved as a whole");
} // prettier-ignore

/** What lies there itself, no link followed; undefined when nothing does. */
export async function lookAt(
  path: string | Buffer,
): Promise<(Look & { readonly isFile: boolean }) | undefined> {
  try {
    const { size, mtimeMs, ino, ...found } = await lstat(path);
    const isFile = (found.mode & constants.S_IFMT) === constants.S_IFREG;
    return { size, modified: mtimeMs, inode: ino, isFile };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Reads one file whole. No link is followed, nothing that is no file is waited for, and no more is read than allowed,
 * whatever it grows to meanwhile.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export async function readWhole(path: string, maxBytes: number): Promise<ReadFile> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags);
  try {
    const { size, mtimeMs, ino, ...found } = await handle.stat();
    if ((found.mode & constants.S_IFMT) !== constants.S_IFREG) {
      throw new Fault("IMPORT_FILE_UNREADABLE", "only files are read, no links, folders or devices");
    }
    if (size > maxBytes) {
      throw new Fault("IMPORT_FILE_UNREADABLE", `a file has at most ${maxBytes} bytes; split it`);
    }
    const held = Buffer.alloc(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await handle.read(held, length, size - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const look = { size: length, modified: mtimeMs, inode: ino };
    return { bytes: held.subarray(0, length), look };
  } finally {
    await handle.close();
  }
} // prettier-ignore

/** Some shares cannot sync a folder; what was renamed is there all the same unless the machine dies. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // the file's own bytes are on the disk, which is what the next start goes by
  }
}

/** Moves within the drop, onto nothing that lies there; the folder knows it before this ends. */
export async function move(from: string | Buffer, folder: string, name: string): Promise<void> {
  await rename(from, join(folder, name));
  await syncFolder(folder);
}

/** Writes a file under a name that nobody looks at, whole and on the disk. */
export async function writeHidden(path: string, text: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const handle = await open(path, flags, 0o660);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file that appears under its name only when all of it is on the disk. */
export async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const hidden = join(folder, `.${name}.tmp`);
  await writeHidden(hidden, text);
  await rename(hidden, join(folder, name));
  await syncFolder(folder);
}

/** Removes a file that may be gone already. */
export async function remove(path: string | Buffer): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
