import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A shift that was handed over. */
export interface StoredHandover {
  readonly id: string;
  readonly at: EpochMs;
  /** The caller's id, and as colleagues are shown him. */
  readonly giver: string;
  readonly giverName: string;
  /** JSON: how things stood, by ids and numbers. */
  readonly content: string;
  readonly taker?: string | undefined;
  readonly takerName?: string | undefined;
  readonly takenAt?: EpochMs | undefined;
}

/** Shifts that were handed over. What changes them is called inside `write` only. */
export interface Handovers {
  get(id: string): StoredHandover | undefined;
  /** The newest first. */
  list(limit: number): readonly StoredHandover[];
  put(handover: StoredHandover): void;
  /** Forgets those of before. */
  forget(before: EpochMs): void;
}

function handoverOf(row: Row): StoredHandover {
  return {
    id: textOf(row, "id"),
    at: numberOf(row, "at"),
    giver: textOf(row, "giver"),
    giverName: textOf(row, "giver_name"),
    content: textOf(row, "content"),
    taker: maybeOf(row, "taker", textOf),
    takerName: maybeOf(row, "taker_name", textOf),
    takenAt: maybeOf(row, "taken_at", numberOf),
  };
}

/** Builds the part of the store that holds them. */
export function makeHandovers(database: Database): Handovers {
  const get = database.prepare("SELECT * FROM handover WHERE id = ?");
  const list = database.prepare("SELECT * FROM handover ORDER BY at DESC, id DESC LIMIT ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO handover (id, at, giver, giver_name, content, taker, taker_name, taken_at)
     VALUES (${"?, ".repeat(7)}?)`,
  );
  const forget = database.prepare("DELETE FROM handover WHERE at < ?");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : handoverOf(row);
    },
    list: (limit) => list.all(limit).map(handoverOf),
    put: ({ id, at, giver, giverName, content, taker, takerName, takenAt }) =>
      void put.run(id, at, giver, giverName, content, taker ?? null, takerName ?? null, takenAt ?? null),
    forget: (before) => void forget.run(before),
  };
} // prettier-ignore
