import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { checkNotHeld } from "./drivers/held-files.ts";

/** Whether a store can be written: yes; only what comes in, because the disk is nearly full; or not at all. */
export type StoreState = "OK" | "NEARLY_FULL" | "FULL" | "READ_ONLY";

/** Kept for what comes in: receipts, refusals and messages of others. New submissions stop before. */
export const reserveBytes = 16 * 1024 * 1024;
const lookEveryMs = 1_000;

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/**
 * What an error of the disk means to whoever wanted something written; nothing of it was kept.
 *
 * @returns STORE_FULL, STORE_READ_ONLY or STORE_WRITE_FAILED; `error` itself when it is a fault
 */
export function meaningOfWrite(error: unknown): Fault {
  if (isFault(error)) return error;
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : "";
  if (
    code === "SQLITE_FULL" ||
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    text.includes("disk is full")
  ) {
    return new Fault(
      "STORE_FULL",
      "the store's disk is full; nothing was kept; make room and try again",
      { cause: error },
    );
  }
  if (
    code.startsWith("SQLITE_READONLY") ||
    code === "EROFS" ||
    text.includes("readonly database")
  ) {
    return new Fault("STORE_READ_ONLY", "the store's disk takes no writing; nothing was kept", {
      cause: error,
    });
  }
  return toFault(error, "STORE_WRITE_FAILED", "the store could not be written; nothing was kept");
}

/** How much room there is, looked at once a second at most. */
export interface Room {
  state(): StoreState;
  /** Notes how a write ended. */
  note(fault: Fault | undefined): void;
  /** @throws {Fault} STORE_FULL, STORE_READ_ONLY when nothing new may begin */
  check(): void;
}

/** Builds the room of the folder of a store. */
export function makeRoom(path: string, isReadOnly: boolean): Room {
  let freeBytes = Number.POSITIVE_INFINITY;
  let lookAt = 0;
  let last: StoreState = isReadOnly ? "READ_ONLY" : "OK";
  const look = (): number => {
    const now = performance.now();
    if (now < lookAt) return freeBytes;
    lookAt = now + lookEveryMs;
    try {
      const { bavail, bsize } = statfsSync(dirname(path));
      freeBytes = bavail * bsize;
    } catch {
      // a folder that cannot be asked is told by the writes that fail
      freeBytes = Number.POSITIVE_INFINITY;
    }
    return freeBytes;
  };
  const state = (): StoreState => {
    if (last !== "OK") return last;
    return look() < reserveBytes ? "NEARLY_FULL" : "OK";
  };
  return {
    state,
    note: (fault) => {
      if (isReadOnly) return;
      if (fault === undefined) last = "OK";
      else if (fault.code === "STORE_FULL") last = "FULL";
      else if (fault.code === "STORE_READ_ONLY") last = "READ_ONLY";
    },
    check: () => {
      if (isReadOnly)
        throw new Fault(
          "STORE_READ_ONLY",
          "this store can only be read; make its disk writable and start again",
        );
      if (look() >= reserveBytes) return;
      const mebi = reserveBytes / 1024 / 1024;
      throw new Fault(
        "STORE_FULL",
        `less than ${mebi} MiB are free on the store's disk; the rest is for what comes in`,
      );
    },
  };
}

/** Whether a store's file is there and may not be written. */
export function isUnwritable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    // asked, not opened: closing it would end the lock of whoever has it open in this process
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return ["EROFS", "EACCES", "EPERM"].includes(codeOf(error));
  }
}

/** A copy of a store that can only be read, to be read in its place. */
export interface Aside {
  readonly path: string;
  /** Removes the copy. */
  remove(): void;
}

/**
 * Copies a store that may not be written, and its journal, into a folder of this process: the journal of a store can be read
 * only where files can be made beside it. What is encrypted stays so.
 *
 * @throws {Fault} STORE_READ_ONLY when there is no room for it; INTERNAL when it is open in this process
 */
export function layAside(path: string): Aside {
  let folder: string | undefined;
  checkNotHeld(path);
  try {
    folder = mkdtempSync(join(tmpdir(), "atumpan-read-"));
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    const made = folder;
    return { path: copy, remove: () => rmSync(made, { recursive: true, force: true }) };
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    const why =
      "the store's disk takes no writing, and there is no room for a copy to read in the folder for temporary files";
    throw new Fault("STORE_READ_ONLY", why, { cause: error });
  }
}
