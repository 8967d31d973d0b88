import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { numberOf, type Row, textOf } from "./row.ts";

/** That a message of others was first read here by one of us. */
export interface OpenedHere {
  /** Its place in the store. */
  readonly message: number;
  /** The how manieth of us: 1 for the first. */
  readonly ordinal: number;
  readonly at: EpochMs;
}

/** That a reader says it opened a message of ours. */
export interface OpenedThere {
  readonly reader: string;
  /** 0 of a reader who says that he does not tell. */
  readonly ordinal: number;
  readonly at: EpochMs;
}

/** Who read what, here and there. What changes it is called inside `write` only. */
export interface Opened {
  /** Notes a first read; the ordinal, or undefined when this one had read it before, or too many had. */
  add(message: number, who: string, at: EpochMs): number | undefined;
  /** Reads of which the sender was told fewer times than this, the oldest first. */
  untold(
    times: number,
    page: { readonly from?: EpochMs; readonly before: EpochMs; readonly limit: number },
  ): readonly OpenedHere[];
  /** Likewise, whatever was told, since a moment. */
  since(at: EpochMs, limit: number): readonly OpenedHere[];
  tell(reads: readonly OpenedHere[], times: number): void;
  /** Whether anybody here has read a message. */
  isOpened(message: number): boolean;
  /** Notes what a reader says of a message of ours; the first time it gave stands. */
  addThere(message: number, opened: OpenedThere, receipt: number): void;
  there(message: number): readonly OpenedThere[];
}

/** Readers of one message that a sender is told of; more tell him nothing new. */
const maxReaders = 64;

function hereOf(row: Row): OpenedHere {
  return {
    message: numberOf(row, "message"),
    ordinal: numberOf(row, "ordinal"),
    at: numberOf(row, "at"),
  };
}

function thereOf(row: Row): OpenedThere {
  return {
    reader: textOf(row, "reader"),
    ordinal: numberOf(row, "ordinal"),
    at: numberOf(row, "at"),
  };
}

type There = Pick<Opened, "addThere" | "there">;

function makeThere(database: Database): There {
  const add = database.prepare(
    "INSERT OR IGNORE INTO opened_by (message, reader, ordinal, at, receipt) VALUES (?, ?, ?, ?, ?)",
  );
  const list = database.prepare(
    "SELECT reader, ordinal, at FROM opened_by WHERE message = ? ORDER BY at, reader, ordinal",
  );
  return {
    addThere: (message, { reader, ordinal, at }, receipt) => {
      add.run(message, reader, ordinal, at, receipt);
    },
    there: (message) => list.all(message).map(thereOf),
  };
}

/** Builds the part of the store that knows who opened what. */
export function makeOpened(database: Database): Opened {
  const held = database.prepare("SELECT 1 FROM opened WHERE message = ? AND who = ?");
  const readers = database.prepare("SELECT count(*) AS n FROM opened WHERE message = ?");
  const add = database.prepare(
    "INSERT INTO opened (message, who, ordinal, at, told) VALUES (?, ?, ?, ?, 0)",
  );
  const untold = database.prepare(
    "SELECT message, ordinal, at FROM opened WHERE told < ? AND at >= ? AND at < ? ORDER BY at LIMIT ?",
  );
  const since = database.prepare(
    "SELECT message, ordinal, at FROM opened WHERE at >= ? ORDER BY at LIMIT ?",
  );
  const tell = database.prepare("UPDATE opened SET told = ? WHERE message = ? AND ordinal = ?");
  return {
    ...makeThere(database),
    add: (message, who, at) => {
      if (held.get(message, who) !== undefined) return undefined;
      const ordinal = numberOf(readers.get(message) ?? {}, "n") + 1;
      if (ordinal > maxReaders) return undefined;
      add.run(message, who, ordinal, at);
      return ordinal;
    },
    isOpened: (message) => numberOf(readers.get(message) ?? {}, "n") > 0,
    untold: (times, { from = 0, before, limit }) =>
      untold.all(times, from, before, limit).map(hereOf),
    since: (at, limit) => since.all(at, limit).map(hereOf),
    tell: (reads, times) => {
      for (const { message, ordinal } of reads) tell.run(times, message, ordinal);
    },
  };
}
