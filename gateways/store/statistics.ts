import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A table of figures of one time. */
export interface StoredTable {
  readonly type: string;
  /** Its time by name, such as 2026-Q1. */
  readonly period: string;
  readonly from: EpochMs;
  /** The first moment after it. */
  readonly until: EpochMs;
  readonly madeAt: EpochMs;
  /** The figures in JSON. */
  readonly content: string;
  /** How many messages it was counted from. */
  readonly messages: number;
  /** The draft that an officer sends, once the time is over. */
  readonly draft?: string | undefined;
  /** The message it became; it is not counted again then. */
  readonly sent?: string | undefined;
}

/** Tables of figures. What changes them is called inside `write` only. */
export interface Tables {
  put(table: StoredTable): void;
  get(type: string, period: string): StoredTable | undefined;
  /** The newest time first; of one type or one time only when said. */
  list(wish: { readonly type?: string | undefined; readonly period?: string | undefined; readonly limit: number }): readonly StoredTable[];
  /** So many places of messages of a type that lie between two places, without these, the first stored first. */
  places(wish: { readonly box: "in" | "out"; readonly type: string; readonly after: number; readonly end: number; readonly limit: number }): readonly { readonly seq: number; readonly originator: string }[];
  /** The first place that no message has yet. */
  end(): number;
} // prettier-ignore

function tableOf(row: Row): StoredTable {
  return {
    type: textOf(row, "type"),
    period: textOf(row, "period"),
    from: numberOf(row, "from_at"),
    until: numberOf(row, "until_at"),
    madeAt: numberOf(row, "made_at"),
    content: textOf(row, "content"),
    messages: numberOf(row, "messages"),
    draft: maybeOf(row, "draft", textOf),
    sent: maybeOf(row, "sent", textOf),
  };
}

/** Builds the part of the store that holds tables of figures. */
export function makeTables(database: Database): Tables {
  const put = database.prepare(
    `INSERT OR REPLACE INTO statistics_table (type, period, from_at, until_at, made_at, content, messages, draft, sent)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = database.prepare("SELECT * FROM statistics_table WHERE type = ? AND period = ?");
  const list = database.prepare(
    `SELECT * FROM statistics_table WHERE (? IS NULL OR type = ?) AND (? IS NULL OR period = ?)
     ORDER BY from_at DESC, type, period LIMIT ?`,
  );
  // along the index of types: what is of other types is not looked at, however much there is
  const places = database.prepare(
    "SELECT seq, originator FROM message WHERE box = ? AND type = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?",
  );
  const end = database.prepare("SELECT coalesce(max(seq), 0) + 1 AS n FROM message");
  return {
    put: (one) => {
      const { type, period, from, until, madeAt, content, draft = null, sent = null } = one;
      put.run(type, period, from, until, madeAt, content, one.messages, draft, sent);
    },
    get: (type, period) => {
      const row = get.get(type, period);
      return row === undefined ? undefined : tableOf(row);
    },
    list: ({ type = null, period = null, limit }) =>
      list.all(type, type, period, period, limit).map(tableOf),
    places: ({ box, type, after, end: last, limit }) =>
      places.all(box, type, after, last, limit).map((row) => ({
        seq: numberOf(row, "seq"),
        originator: textOf(row, "originator"),
      })),
    end: () => numberOf(end.get() ?? {}, "n"),
  };
}
