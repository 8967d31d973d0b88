import type { Bytes } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf } from "./row.ts";

/** What was answered to a submission. */
export interface GivenAnswer {
  /** SHA-256 of the submission. */
  readonly digest: Bytes;
  /** Place of the message it became. */
  readonly message: number;
}

/** Answers by Idempotency-Key. What changes them is called inside `write` only. */
export interface Answers {
  get(key: string): GivenAnswer | undefined;
  add(key: string, answer: GivenAnswer): void;
}

/** Builds the part of the store that holds answers. */
export function makeAnswers(database: Database): Answers {
  const get = database.prepare("SELECT digest, message FROM idempotency WHERE key = ?");
  const add = database.prepare("INSERT INTO idempotency (key, digest, message) VALUES (?, ?, ?)");
  return {
    get: (key) => {
      const row = get.get(key);
      return row === undefined
        ? undefined
        : { digest: bytesOf(row, "digest"), message: numberOf(row, "message") };
    },
    add: (key, { digest, message }) => void add.run(key, digest, message),
  };
}
