import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import {
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  sha256,
  toFault,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { type Note, parseCheckpoint, parseNote, renderNote } from "../../certs/log/index.ts";
import type { WitnessStore } from "../../certs/witness/index.ts";

const namePattern = /^seen-(\d{12})\.json$/;
const digestChars = 64;
/** Logs that one witness watches. */
const maxLogs = 1_000;
const shape = z.strictObject({
  logs: z.array(z.strictObject({ note: z.string().min(1).max(32_768) })).max(maxLogs),
});
const wayOut =
  "a witness never begins anew with an old key: make another with witness init, and have its key registered";

type Seen = ReadonlyMap<string, Note>;

function nameOf(number: number): string {
  return `seen-${String(number).padStart(12, "0")}.json`;
}

function findNumbers(dir: string): readonly number[] {
  const found = readdirSync(dir).flatMap((name) => namePattern.exec(name)?.[1] ?? []);
  return found.map(Number).toSorted((a, b) => b - a);
}

function renderSeen(seen: Seen): Uint8Array {
  const logs = [...seen.values()].map((note) => ({ note: parseUtf8(renderNote(note)) }));
  const text = JSON.stringify({ logs } satisfies z.infer<typeof shape>);
  return utf8(`${renderHex(sha256(utf8(text)))}\n${text}\n`);
}

function parseSeen(text: string): Seen {
  const json = text.slice(digestChars + 1, -1);
  if (text !== `${renderHex(sha256(utf8(json)))}\n${json}\n`) throw new Fault("INTEGRITY_STORE", "torn");
  const read = tryShape(shape, JSON.parse(json));
  if (!read.success) throw new Fault("INTEGRITY_STORE", "not of our form");
  const notes = read.data.logs.map(({ note }) => parseNote(utf8(note)));
  return new Map(notes.map((note) => [parseCheckpoint(note.text).origin, note]));
} // prettier-ignore

function readSeen(file: string): Seen {
  try {
    return parseSeen(parseUtf8(readFileSync(file)));
  } catch (cause) {
    throw new Fault("INTEGRITY_STORE", `${file}: what was cosigned cannot be read; ${wayOut}`, { cause });
  }
} // prettier-ignore

function writeSynced(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(dir: string): void {
  const handle = openSync(dir, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/**
 * Writes the state of that number, whole. A number is given once: where another process stands at this place or further
 * on, nothing is written.
 */
function writeNumber(dir: string, number: number, seen: Seen): void {
  const fresh = join(dir, `${nameOf(number)}.${process.pid}`);
  const file = join(dir, nameOf(number));
  rmSync(fresh, { force: true });
  writeSynced(fresh, renderSeen(seen));
  linkSync(fresh, file);
  rmSync(fresh);
  // the newest of a process that lives is never away, so one that went further on is seen here
  if (findNumbers(dir)[0] !== number) {
    rmSync(file);
    throw new Fault("INTEGRITY_STORE", "another process cosigned meanwhile");
  }
  syncFolder(dir);
}

/** Makes the state of a witness that never cosigned. @throws {Fault} INTEGRITY_STORE when there is one */
export function makeSeenStore(dir: string): void {
  if (findNumbers(dir).length > 0) throw new Fault("INTEGRITY_STORE", `${dir} has a witness already`);
  writeNumber(dir, 1, new Map());
} // prettier-ignore

/** What was cosigned last of each log, without taking hold of it. @throws {Fault} INTEGRITY_STORE */
export function listSeen(dir: string): readonly Note[] {
  const [newest] = findNumbers(dir);
  if (newest === undefined) throw new Fault("INTEGRITY_STORE", `${dir}: what was cosigned is gone; ${wayOut}`);
  return [...readSeen(join(dir, nameOf(newest))).values()];
} // prettier-ignore

/**
 * Opens what a witness cosigned, in one file of its folder. Two processes with one folder never both write: the second
 * is refused, and stays so.
 *
 * @throws {Fault} INTEGRITY_STORE when it is torn or gone
 */
export function openSeenStore(dir: string): WitnessStore {
  const [newest, ...older] = findNumbers(dir);
  if (newest === undefined) throw new Fault("INTEGRITY_STORE", `${dir}: what was cosigned is gone; ${wayOut}`);
  let number = newest;
  let seen = readSeen(join(dir, nameOf(number)));
  let isLost = false;
  for (const old of older) rmSync(join(dir, nameOf(old)), { force: true });
  return {
    lastOf: (origin) => seen.get(origin),
    save: (origin, note) => {
      if (isLost) throw new Fault("INTEGRITY_STORE", "what was cosigned could not be written before; start the witness anew");
      // whatever happens from here on, nothing is known of the disk until it was read again
      isLost = true;
      try {
        const next = new Map(seen).set(origin, note);
        if (next.size > maxLogs) throw new Fault("INTEGRITY_STORE", `at most ${maxLogs} logs`);
        writeNumber(dir, number + 1, next);
        rmSync(join(dir, nameOf(number)), { force: true });
        number += 1;
        seen = next;
        isLost = false;
      } catch (error) {
        if (isFault(error, "INTEGRITY_STORE")) throw error;
        throw toFault(error, "INTEGRITY_STORE", "what would be cosigned cannot be written down");
      }
    },
  };
} // prettier-ignore
