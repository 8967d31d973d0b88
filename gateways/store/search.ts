import { classOf, type CodeKind, codeOf, type SearchWords, wordsOf } from "../search/index.ts";
import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import type { StoredMessage } from "./message-row.ts";
import { numberOf } from "./row.ts";

/** What of the index a list asks for; all of it has to hold. */
export interface IndexWish {
  /** As `parseWish` of gateways/search makes it, and nothing else. */
  readonly text?: string | undefined;
  /** Each kind with values of which one has to hold. */
  /** Whole codes, of which one has to hold; of none nothing does. */
  readonly any?: readonly string[] | undefined;
  readonly codes?: readonly (readonly [kind: CodeKind, values: readonly string[]])[] | undefined;
}

/** What of a message is indexed. What changes it is called inside `write` only. */
export interface SearchIndex {
  /** Indexes a message anew, as it stands now; one in quarantine by its outer header alone. */
  put(message: StoredMessage): void;
  remove(seq: number): void;
  /** Places before this one of messages that are not indexed, the newest first. */
  missing(before: number, limit: number): readonly number[];
}

/**
 * The words of the index's own language for a wish; undefined when it asks nothing. Every word of a wish stands in
 * quotation marks and holds letters and digits alone.
 */
export function renderMatch({ text, any, codes = [] }: IndexWish): string | undefined {
  const groups = codes.map(([kind, values]) => values.map((value) => codeOf(kind, value)));
  const wanted = any === undefined ? groups : [any.length === 0 ? ["none"] : any, ...groups];
  const parts = wanted.map((words) => `codes : (${words.map((word) => `"${word}"`).join(" OR ")})`);
  const all = text === undefined ? parts : [`(${text})`, ...parts];
  return all.length === 0 ? undefined : all.join(" AND ");
}

/** Content of an edition that this gateway cannot read is found by its outer header. */
function readableWords(message: StoredMessage): SearchWords {
  const { parts: _parts, ...outer } = message;
  try {
    return wordsOf(message);
  } catch (error) {
    if (!isFault(error)) throw error;
    return wordsOf(outer);
  }
}

/** Builds the part of the store by which messages are found. */
export function makeSearchIndex(database: Database): SearchIndex {
  const remove = database.prepare("DELETE FROM search WHERE rowid = ?");
  const add = database.prepare("INSERT INTO search (rowid, text, names, sounds, codes) VALUES (?, ?, ?, ?, ?)");
  const setDue = database.prepare("INSERT OR REPLACE INTO message_due (message, box, class, due_at) VALUES (?, ?, ?, ?)");
  const isThere = database.prepare("SELECT 1 FROM message_due WHERE message = ?");
  const missing = database.prepare(
    `SELECT seq FROM message WHERE seq < ? AND system = 0
     AND NOT EXISTS (SELECT 1 FROM message_due WHERE message = seq) ORDER BY seq DESC LIMIT ?`,
  );
  return {
    put: (message) => {
      const { seq, box, expiresAt } = message;
      const { text, names, sounds, codes, dueAt = expiresAt } = readableWords(message);
      if (isThere.get(seq) !== undefined) remove.run(seq);
      add.run(seq, text, names, sounds, codes);
      setDue.run(seq, box, classOf(message), Math.min(dueAt, expiresAt));
    },
    remove: (seq) => void remove.run(seq),
    missing: (before, limit) => missing.all(before, limit).map((row) => numberOf(row, "seq")),
  };
} // prettier-ignore

/** A time and a place among messages, for lists that are not in the order of the store. */
export interface DuePlace {
  readonly dueAt: EpochMs;
  readonly seq: number;
}
