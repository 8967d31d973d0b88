import { type BigIntStats, closeSync, fstatSync, openSync, statSync } from "node:fs";

import { Fault } from "../../../schemas/ground/index.ts";

/** A file that SQLite has open in this process. */
interface HeldFile {
  /** What `findKeyId` says of it. */
  keyName: string;
  /** What holds it open: were it collected unclosed, SQLite's lock would end, and the file's own name could become another file's. */
  readonly holders: Set<object>;
  /** Handles of ours on it that end with SQLite's last. */
  readonly waiting: number[];
}

/**
 * POSIX drops every lock a process has on a file when the process closes any handle of it: SQLite's lock would be gone
 * without a word, and another process could open the store. So whoever reads a store's file beside SQLite asks here.
 */
const held = new Map<string, HeldFile>();

/** A file's own name, whatever it is called in its folder. */
function nameOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function findName(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : nameOf(found);
}

function findHeld(path: string): HeldFile | undefined {
  const name = findName(path);
  return name === undefined ? undefined : held.get(name);
}

/** What SQLite, which has the file open in this process, knows of its key; undefined when it has it not. */
export function heldKeyName(path: string): string | undefined {
  return findHeld(path)?.keyName;
}

/** What SQLite opened, and as what. */
interface Opened {
  readonly path: string;
  readonly keyName: string;
  /** What has it open; it is kept until it was let go. */
  readonly holder: object;
}

/**
 * Notes that SQLite has a file open, until the function that is returned is called, after SQLite closed it. Calling
 * it twice is calling it once. A file that nobody closes stays open, and locked, until the process ends.
 */
export function holdFile({ path, keyName, holder }: Opened): () => void {
  const name = findName(path);
  if (name === undefined) return () => undefined;
  const file = held.get(name) ?? { holders: new Set(), keyName, waiting: [] };
  held.set(name, file);
  file.holders.add(holder);
  return () => {
    if (!file.holders.delete(holder) || file.holders.size > 0) return;
    held.delete(name);
    for (const handle of file.waiting.splice(0)) closeSync(handle);
  };
}

/**
 * Before a store's file is opened by anything but SQLite.
 *
 * @throws {Fault} INTERNAL when SQLite has it open in this process: closing our handle would end its lock
 */
export function checkNotHeld(path: string): void {
  if (findHeld(path) === undefined) return;
  throw new Fault(
    "INTERNAL",
    "a store's file was to be opened beside SQLite, in the process that has it open",
  );
}

/**
 * Opens a file that SQLite may have open in this process, and says how the handle is ended: at once, or together with
 * SQLite's last one, so that its lock stays.
 */
export function openBeside(
  path: string,
  flags: "r" | "r+",
): { readonly handle: number; readonly end: () => void } {
  const handle = openSync(path, flags);
  let isOpen = true;
  return {
    handle,
    end: () => {
      if (!isOpen) return;
      isOpen = false;
      const file = held.get(nameOf(fstatSync(handle, { bigint: true })));
      if (file === undefined) closeSync(handle);
      else file.waiting.push(handle);
    },
  };
}
