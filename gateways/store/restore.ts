import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, textOf } from "./row.ts";

/**
 * What a store that was put back from a copy says of it. AWAITED: the hub was not asked yet. HANDED: it hands over again
 * what came since. SYNCED: what it took of ours since is known.
 */
export interface RestoredMark {
  /** When it was put back, or was found to be an old one. */
  readonly at: EpochMs;
  /** When the copy was made; undefined when nobody knows. */
  readonly copiedAt?: EpochMs | undefined;
  readonly state: "AWAITED" | "HANDED" | "SYNCED";
  /** Where the audit record ended of the store that was there before, as `position.hash`; undefined when nobody knows. */
  readonly recordEnd?: string | undefined;
}

/** A message of ours that the hub took and this store does not hold. */
export interface LostMessage {
  readonly id: Bytes;
  /** The part of the id that its Idempotency-Key decides. */
  readonly tag: Bytes;
  readonly takenAt: EpochMs;
}

/** Whether this store was put back from a copy, and what is known of the time since. What changes it is called inside `write` only. */
export interface Restored {
  /** Undefined in a store that always was the newest. */
  mark(): RestoredMark | undefined;
  /** From here on this store is one that was put back: as `markRestored`. */
  begin(at: EpochMs, copiedAt?: EpochMs): void;
  advance(state: RestoredMark["state"]): void;
  addLost(lost: LostMessage): void;
  /** The lost message that was sent under the Idempotency-Key of this tag. */
  findLost(tag: Bytes): { readonly id: Bytes; readonly takenAt: EpochMs } | undefined;
  countLost(): number;
}

const markName = "restored";
const states: readonly RestoredMark["state"][] = ["AWAITED", "HANDED", "SYNCED"];

/** `at copiedAt state recordEnd`; 0 where the copy's time is not known, nothing where the record's end is not. */
function renderMark({ at, copiedAt = 0, state, recordEnd = "" }: RestoredMark): string {
  return `${at} ${copiedAt} ${state} ${recordEnd}`.trim();
}

function parseMark(text: string): RestoredMark {
  const [at, copied, said, recordEnd] = text.split(" ");
  const copiedAt = Number(copied);
  const state = states.find((one) => one === said) ?? "AWAITED";
  const mark = { at: Number(at), copiedAt: copiedAt === 0 ? undefined : copiedAt, state };
  return recordEnd === undefined ? mark : { ...mark, recordEnd };
}

/** Reads settings with one statement: the mark is asked for with every submission. */
function settingsOf(database: Database): (name: string) => string | undefined {
  const find = database.prepare("SELECT value FROM setting WHERE name = ?");
  return (name) => {
    const row = find.get(name);
    return row === undefined ? undefined : textOf(row, "value");
  };
}

function putSetting(database: Database, name: string, value: string): void {
  database.prepare("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)").run(name, value);
}

/** The highest series that this store knows of. */
function lastSeries(database: Database): number {
  const held = Number(settingsOf(database)("series") ?? 0);
  const row = database.prepare("SELECT coalesce(max(series), 0) AS n FROM publication").get() ?? {};
  return Math.max(held, numberOf(row, "n"));
}

/**
 * Marks a store as put back from a copy; runs inside a transaction. All its channels begin a new series, because numbers of
 * the old one were given away after the copy was made: one more than the last, or the second it is put back in, whichever
 * is more. It sends and takes submissions again when the hub has said what it took since. Uses what every version of the
 * store has.
 */
export function markRestored(
  database: Database,
  { at, copiedAt, recordEnd }: Omit<RestoredMark, "state">,
): void {
  const series = Math.max(Math.floor(at / 1000), lastSeries(database) + 1);
  putSetting(database, "series", String(series));
  database.exec("DELETE FROM out_channel");
  putSetting(database, markName, renderMark({ at, copiedAt, state: "AWAITED", recordEnd }));
}

/** Builds the part of the store that knows whether it was put back from a copy. */
export function makeRestored(database: Database): Restored {
  const addLost = database.prepare(
    "INSERT OR IGNORE INTO lost_message (id, tag, taken_at) VALUES (?, ?, ?)",
  );
  const findLost = database.prepare("SELECT id, taken_at FROM lost_message WHERE tag = ? LIMIT 1");
  const countLost = database.prepare("SELECT count(*) AS n FROM lost_message");
  const settingOf = settingsOf(database);
  const mark = (): RestoredMark | undefined => {
    const text = settingOf(markName);
    return text === undefined ? undefined : parseMark(text);
  };
  return {
    mark,
    begin: (at, copiedAt) => markRestored(database, { at, copiedAt }),
    advance: (state) => {
      const held = mark();
      if (held !== undefined) putSetting(database, markName, renderMark({ ...held, state }));
    },
    addLost: ({ id, tag, takenAt }) => void addLost.run(id, tag, takenAt),
    findLost: (tag) => {
      const row = findLost.get(tag);
      if (row === undefined) return undefined;
      return { id: bytesOf(row, "id"), takenAt: numberOf(row, "taken_at") };
    },
    countLost: () => numberOf(countLost.get() ?? {}, "n"),
  };
}
