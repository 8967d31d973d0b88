import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { numberOf } from "./row.ts";

/** A hub's signed word on when it took a message into a channel. */
export interface StoredAdmission {
  /** SHA-256 of the envelope. */
  readonly digest: Bytes;
  readonly channel: string;
  readonly admittedAt: EpochMs;
  /** The receipt that says so, as it came. */
  readonly receipt: Bytes;
}

/** Words on when messages were taken whose signer's certificate was revoked since. Kept for as long as the store is. */
export interface Admissions {
  /** Called inside `write` only; the first word on a message stands. */
  add(admission: StoredAdmission): void;
  admittedAt(digest: Bytes, channel: string): EpochMs | undefined;
}

/** Builds the part of the store that holds when messages were taken. */
export function makeAdmissions(database: Database): Admissions {
  const add = database.prepare(
    "INSERT OR IGNORE INTO admission (digest, channel, admitted_at, receipt) VALUES (?, ?, ?, ?)",
  );
  const find = database.prepare(
    "SELECT admitted_at FROM admission WHERE digest = ? AND channel = ?",
  );
  return {
    add: ({ digest, channel, admittedAt, receipt }) =>
      void add.run(digest, channel, admittedAt, receipt),
    admittedAt: (digest, channel) => {
      const row = find.get(digest, channel);
      return row === undefined ? undefined : numberOf(row, "admitted_at");
    },
  };
}
