import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { numberOf, textOf } from "./row.ts";

/** That a person of ours accepted by which words a message of others may be used. */
export interface Acceptance {
  /** The message, by its id and its sender. */
  readonly id: Bytes;
  readonly originator: string;
  /** SHA-256 of the words. */
  readonly digest: Bytes;
  /** The caller who accepted them. */
  readonly by: string;
  readonly at: EpochMs;
}

/**
 * Words by which messages of others may be used, and who accepted them here. An acceptance outlives its message. What
 * changes it is called inside `write` only.
 */
export interface WordsOfUse {
  /** Nobody accepted the words of this message: no question to content finds it, until a moment where one is known. */
  wait(message: number, until: EpochMs | undefined): void;
  /** Whether at a moment somebody has to accept the words of this message first. */
  waits(message: number, at: EpochMs): boolean;
  /** Nothing is to be accepted of it any more. */
  free(message: number): void;
  /** Writes an acceptance down; the first of the same words stands. */
  accept(acceptance: Acceptance): void;
  accepted(
    of: Pick<Acceptance, "id" | "originator" | "digest">,
  ): Pick<Acceptance, "by" | "at"> | undefined;
}

/** Builds the part of the store that holds which words of use were accepted. */
export function makeWordsOfUse(database: Database): WordsOfUse {
  const wait = database.prepare("INSERT OR REPLACE INTO words_wait (message, until) VALUES (?, ?)");
  const waits = database.prepare(
    "SELECT 1 FROM words_wait WHERE message = ? AND coalesce(until > ?, 1)",
  );
  const free = database.prepare("DELETE FROM words_wait WHERE message = ?");
  const accept = database.prepare(
    "INSERT OR IGNORE INTO words_accepted (id, originator, digest, who, at) VALUES (?, ?, ?, ?, ?)",
  );
  const accepted = database.prepare(
    "SELECT who, at FROM words_accepted WHERE id = ? AND originator = ? AND digest = ?",
  );
  return {
    wait: (message, until) => void wait.run(message, until ?? null),
    waits: (message, at) => waits.get(message, at) !== undefined,
    free: (message) => void free.run(message),
    accept: ({ id, originator, digest, by, at }) => void accept.run(id, originator, digest, by, at),
    accepted: ({ id, originator, digest }) => {
      const row = accepted.get(id, originator, digest);
      return row === undefined ? undefined : { by: textOf(row, "who"), at: numberOf(row, "at") };
    },
  };
}
