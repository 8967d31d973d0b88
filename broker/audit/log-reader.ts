import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

import { type Clock, type Log, toFault } from "../../schemas/ground/index.ts";
import {
  countAttempts,
  type CountedAttempt,
  type ForeignSubject,
  parseViolation,
} from "./server-log.ts";

/** What reads the server's log. */
export interface LogReaderOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onAttempt: (attempt: CountedAttempt) => void;
}

/** A running reader. `poll` reads what was written since; it runs by itself every second. */
export interface LogReader {
  poll(): void;
  stop(): void;
}

const everyMs = 1000;
const chunkBytes = 1024 * 1024;
/** Different attempts recorded in one turn; what is beyond them is counted into the last. */
const maxAttempts = 50;
/** A line of the server has at most its control line and a little. */
const maxLineChars = 16 * 1024;

interface Position {
  readonly inode: number;
  readonly offset: number;
  readonly rest: string;
}

/** Reads what a file holds beyond a position; from its start when it is another file or became shorter. */
function readOn(file: string, from: Position): { position: Position; text: string } {
  const handle = openSync(file, "r");
  try {
    const { ino: inode, size } = fstatSync(handle);
    const isSame = inode === from.inode && size >= from.offset;
    const start = isSame ? from.offset : 0;
    const chunk = Buffer.alloc(Math.min(chunkBytes, size - start));
    const got = readSync(handle, chunk, 0, chunk.length, start);
    const text = (isSame ? from.rest : "") + chunk.toString("utf8", 0, got);
    return { position: { inode, offset: start + got, rest: "" }, text };
  } finally {
    closeSync(handle);
  }
}

function bounded(attempts: readonly CountedAttempt[]): readonly CountedAttempt[] {
  const told = attempts.slice(0, maxAttempts);
  const last = told.at(-1);
  if (last === undefined || attempts.length <= maxAttempts) return told;
  const beyond = attempts.slice(maxAttempts).reduce((sum, { count }) => sum + count, 0);
  return [...told.slice(0, -1), { ...last, count: last.count + beyond }];
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Where the file ends now; its start when there is none yet. */
function endOf(file: string): Position {
  const found = statSync(file, { throwIfNoEntry: false });
  return { inode: found?.ino ?? 0, offset: found?.size ?? 0, rest: "" };
}

/** Starts to read the server's log for attempts on foreign subjects, from where it ends now. */
export function startLogReader({ file, clock, log, onAttempt }: LogReaderOptions): LogReader {
  let position = endOf(file);
  const read = (): readonly ForeignSubject[] => {
    const { position: next, text } = readOn(file, position);
    const lines = text.split("\n");
    position = { ...next, rest: (lines.pop() ?? "").slice(0, maxLineChars) };
    return lines.flatMap((line) => parseViolation(line) ?? []);
  };
  const poll = (): void => {
    try {
      for (const attempt of bounded(countAttempts(read()))) onAttempt(attempt);
    } catch (error) {
      // Without a server there is no log yet.
      if (!isMissing(error))
        log.warn("server log unread", { code: toFault(error, "INTERNAL").code });
    }
  };
  const timer = clock.every(everyMs, poll);
  return { poll, stop: () => timer.stop() };
}
