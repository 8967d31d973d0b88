import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A message in its thread. */
export interface ThreadStep {
  /** Its place in the store. */
  readonly message: number;
  readonly thread: Bytes;
  /** SHA-256 of its envelope, in hexadecimal. */
  readonly digest: string;
  /** Digests of the messages it follows. */
  readonly follows: readonly string[];
}

/** Something that is awaited in one matter of a thread. */
export interface MatterDue {
  readonly thread: Bytes;
  /** UUID of the message that opened it, and the agency that is to act on it: the two name the matter. */
  readonly opening: string;
  readonly other: string;
  readonly workflow: string;
  readonly state: string;
  readonly opener: string;
  readonly closing: string;
  /** Of whom it is awaited. */
  readonly agency: string;
  /** Until when; undefined while its clock stands or has not begun. */
  readonly by?: EpochMs | undefined;
}

/** Threads and what is awaited in them. What changes them is called inside `write` only. */
export interface Threads {
  /** The thread changes with it. */
  add(step: ThreadStep): void;
  /** The thread of a message. */
  of(message: number): Bytes | undefined;
  /** Its messages, the first stored first. */
  steps(thread: Bytes): readonly ThreadStep[];
  /** What was delivered, say, may move its clocks. */
  touch(thread: Bytes): void;
  /** All in which something is awaited: other terms hold. */
  touchAwaited(): void;
  /** Threads that changed since their dues were last put. */
  stale(limit: number): readonly Bytes[];
  /** In place of what was awaited in the thread; it is up to date then. */
  putDues(thread: Bytes, dues: readonly MatterDue[]): void;
  /** What is due before a moment, the earliest first. */
  dueBefore(moment: EpochMs, limit: number): readonly MatterDue[];
  /** Whether anything is awaited in a thread, or it changed and that is not reckoned yet. */
  isOpen(thread: Bytes): boolean;
  /** All that is awaited, the earliest first and what has no date last. */
  awaited(limit: number): readonly MatterDue[];
}

function dueOf(row: Row): MatterDue {
  const text = (name: string): string => textOf(row, name);
  return {
    thread: bytesOf(row, "thread"),
    opening: text("opening"),
    other: text("other"),
    workflow: text("workflow"),
    state: text("state"),
    opener: text("opener"),
    closing: text("closing"),
    agency: text("agency"),
    by: maybeOf(row, "by_at", numberOf),
  };
}

function makeSteps(database: Database): Pick<Threads, "add" | "of" | "steps" | "touch" | "touchAwaited" | "stale"> {
  const put = database.prepare("INSERT OR REPLACE INTO thread_step (message, thread, digest, follows) VALUES (?, ?, ?, ?)");
  const touch = database.prepare("INSERT OR IGNORE INTO thread_stale (thread) VALUES (?)");
  const touchAwaited = database.prepare("INSERT OR IGNORE INTO thread_stale (thread) SELECT DISTINCT thread FROM matter_due");
  const of = database.prepare("SELECT thread FROM thread_step WHERE message = ?");
  const all = database.prepare("SELECT message, digest, follows FROM thread_step WHERE thread = ? ORDER BY message");
  const stale = database.prepare("SELECT thread FROM thread_stale LIMIT ?");
  return {
    add: ({ message, thread, digest, follows }) => {
      put.run(message, thread, Buffer.from(digest, "hex"), renderNames(follows));
      touch.run(thread);
    },
    of: (message) => {
      const row = of.get(message);
      return row === undefined ? undefined : bytesOf(row, "thread");
    },
    steps: (thread) =>
      all.all(thread).map((row) => ({
        message: numberOf(row, "message"),
        thread,
        digest: Buffer.from(bytesOf(row, "digest")).toString("hex"),
        follows: parseNames(textOf(row, "follows")),
      })),
    touch: (thread) => void touch.run(thread),
    touchAwaited: () => void touchAwaited.run(),
    stale: (limit) => stale.all(limit).map((row) => bytesOf(row, "thread")),
  };
} // prettier-ignore

/** Builds the part of the store that holds threads. */
export function makeThreads(database: Database): Threads {
  const fresh = database.prepare("DELETE FROM thread_stale WHERE thread = ?");
  const drop = database.prepare("DELETE FROM matter_due WHERE thread = ?");
  const put = database.prepare(
    `INSERT INTO matter_due (thread, opening, other, workflow, state, opener, closing, agency, by_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const before = database.prepare("SELECT * FROM matter_due WHERE by_at < ? ORDER BY by_at LIMIT ?");
  const some = database.prepare("SELECT 1 FROM matter_due WHERE thread = ? UNION ALL SELECT 1 FROM thread_stale WHERE thread = ? LIMIT 1");
  const awaited = database.prepare("SELECT * FROM matter_due ORDER BY by_at IS NULL, by_at LIMIT ?");
  return {
    ...makeSteps(database),
    putDues: (thread, dues) => {
      drop.run(thread);
      for (const { opening, other, workflow, state, opener, closing, agency, by } of dues) {
        put.run(thread, opening, other, workflow, state, opener, closing, agency, by ?? null);
      }
      fresh.run(thread);
    },
    dueBefore: (moment, limit) => before.all(moment, limit).map(dueOf),
    isOpen: (thread) => some.get(thread, thread) !== undefined,
    awaited: (limit) => awaited.all(limit).map(dueOf),
  };
} // prettier-ignore
