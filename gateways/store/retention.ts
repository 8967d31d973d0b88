import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** Until when a message is kept. */
export interface KeptUntil {
  /** Its place in the store. */
  readonly message: number;
  /** When somebody looks at it again. */
  readonly reviewAt?: EpochMs | undefined;
  readonly deleteAt: EpochMs;
  /** What the time counts from: a code of RETENTION_BASIS, or SAID where the message itself says the day. */
  readonly keep: string;
}

/** How long messages are kept. What changes it is called inside `write` only. */
export interface Retention {
  put(kept: KeptUntil): void;
  of(message: number): KeptUntil | undefined;
  /** Messages of which the day has come and that are not erased, the earliest first. */
  over(now: EpochMs, limit: number): readonly KeptUntil[];
  /** Messages that somebody is to look at, and those that go before a moment; the earliest first. */
  due(wish: { readonly reviewBefore: EpochMs; readonly deleteBefore: EpochMs; readonly limit: number }): readonly KeptUntil[];
} // prettier-ignore

function keptOf(row: Row): KeptUntil {
  return {
    message: numberOf(row, "message"),
    reviewAt: maybeOf(row, "review_at", numberOf),
    deleteAt: numberOf(row, "delete_at"),
    keep: textOf(row, "keep"),
  };
}

/** Builds the part of the store that knows how long messages are kept. */
export function makeRetention(database: Database): Retention {
  const put = database.prepare("INSERT OR REPLACE INTO retention (message, review_at, delete_at, keep) VALUES (?, ?, ?, ?)");
  const of = database.prepare("SELECT * FROM retention WHERE message = ?");
  const over = database.prepare("SELECT * FROM retention WHERE delete_at <= ? ORDER BY delete_at, message LIMIT ?");
  const due = database.prepare(
    "SELECT * FROM retention WHERE review_at <= ? OR delete_at <= ? ORDER BY min(coalesce(review_at, delete_at), delete_at), message LIMIT ?",
  );
  return {
    put: ({ message, reviewAt, deleteAt, keep }) => void put.run(message, reviewAt ?? null, deleteAt, keep),
    of: (message) => {
      const row = of.get(message);
      return row === undefined ? undefined : keptOf(row);
    },
    over: (now, limit) => over.all(now, limit).map(keptOf),
    due: ({ reviewBefore, deleteBefore, limit }) => due.all(reviewBefore, deleteBefore, limit).map(keptOf),
  };
} // prettier-ignore
