import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** One thing a record or notice can be found by. */
export interface LookupKey {
  /** A code of QUERY_KIND. */
  readonly kind: string;
  /** As it is compared; of a run of numbers the first. */
  readonly value: string;
  /** Of a run of numbers the last. */
  readonly last?: string | undefined;
  /** Who issued or registered it, where that is known. */
  readonly country?: string | undefined;
  /** What tells it further: the type of a document, a date of birth. */
  readonly detail?: string | undefined;
  /** How it was matched: a code of MATCH_BASIS. */
  readonly basis: string;
}

/** What an owner said about a message of his, for whoever looks things up. */
export type LookupWord = "WITHDRAWN" | "BLOCKED" | "LIFTED" | "CORRECTED";

/** One word of an owner, and since when it counts. */
export interface LookupStop {
  readonly target: Bytes;
  readonly originator: string;
  readonly word: LookupWord;
  readonly at: EpochMs;
}

/** A key that was found, and the message it stands in. */
export interface LookupFound extends LookupKey {
  readonly message: number;
}

/** A word of an owner that was found, and the message that said it. */
export interface LookupSaid {
  readonly word: LookupWord;
  readonly at: EpochMs;
  readonly message: number;
}

/** What records and notices are found by. What changes it is called inside `write` only. */
export interface Lookups {
  add(message: number, keys: readonly LookupKey[]): void;
  stop(message: number, stops: readonly LookupStop[]): void;
  /** Keys of this value, or runs of numbers around it; the newest messages first. Whether their messages stand is not asked. */
  find(kind: string, value: string, limit: number): readonly LookupFound[];
  /** What its own originator said of a message, whether those messages stand or not. */
  said(target: Bytes, originator: string): readonly LookupSaid[];
}

const words: readonly LookupWord[] = ["WITHDRAWN", "BLOCKED", "LIFTED", "CORRECTED"];

function foundOf(row: Row): LookupFound {
  return {
    message: numberOf(row, "message"),
    kind: textOf(row, "kind"),
    value: textOf(row, "value"),
    last: maybeOf(row, "last", textOf),
    country: maybeOf(row, "country", textOf),
    detail: maybeOf(row, "detail", textOf),
    basis: textOf(row, "basis"),
  };
}

function saidOf(row: Row): LookupSaid {
  const said = textOf(row, "word");
  // a word nobody knows stops more than one that is known
  const word = words.find((one) => one === said) ?? "WITHDRAWN";
  return { word, at: numberOf(row, "at"), message: numberOf(row, "message") };
}

/** Builds the part of the store by which records and notices are found. */
export function makeLookups(database: Database): Lookups {
  const columns = "message, kind, value, last, country, detail, basis";
  const add = database.prepare(`INSERT INTO lookup_key (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const stop = database.prepare(
    "INSERT INTO lookup_stop (message, target, originator, word, at) VALUES (?, ?, ?, ?, ?)",
  );
  const exact = database.prepare(
    `SELECT ${columns} FROM lookup_key WHERE kind = ? AND value = ? AND last IS NULL ORDER BY message DESC LIMIT ?`,
  );
  // runs have one length, so that their order as texts is that of their numbers
  const runs = database.prepare(
    `SELECT ${columns} FROM lookup_key WHERE kind = ? AND last IS NOT NULL AND length(value) = ?
     AND value <= ? AND last >= ? ORDER BY message DESC LIMIT ?`,
  );
  const said = database.prepare(
    "SELECT word, at, message FROM lookup_stop WHERE target = ? AND originator = ? ORDER BY at, message",
  );
  return {
    add: (message, keys) => {
      for (const { kind, value, last, country, detail, basis } of keys) {
        add.run(message, kind, value, last ?? null, country ?? null, detail ?? null, basis);
      }
    },
    stop: (message, stops) => {
      for (const { target, originator, word, at } of stops) {
        stop.run(message, target, originator, word, at);
      }
    },
    find: (kind, value, limit) =>
      [
        ...exact.all(kind, value, limit),
        ...runs.all(kind, value.length, value, value, limit),
      ].map(foundOf), // prettier-ignore
    said: (target, originator) => said.all(target, originator).map(saidOf),
  };
}
