import type { Bytes } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, textOf } from "./row.ts";

/** A receipt of another's for another, which we take from one hub to another. */
export interface RelayedReceipt {
  readonly seq: number;
  /** SHA-256 of the receipt as it was issued. */
  readonly digest: Bytes;
  readonly toHub: string;
  readonly recipient: string;
  /** With our statement beside. */
  readonly bytes: Bytes;
}

/** Receipts on their way through us. What changes it is called inside `write` only. */
export interface RelayedReceipts {
  /** The same one twice is one. */
  add(receipt: Omit<RelayedReceipt, "seq">): void;
  queued(toHub: string, limit: number): readonly RelayedReceipt[];
  drop(seqs: readonly number[]): void;
}

/** Builds the part of the store that holds others' receipts on their way through us. */
export function makeRelayedReceipts(database: Database): RelayedReceipts {
  const add = database.prepare(
    "INSERT INTO relayed_receipt (digest, to_hub, recipient, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const queued = database.prepare("SELECT * FROM relayed_receipt WHERE to_hub = ? ORDER BY seq LIMIT ?");
  const drop = database.prepare("DELETE FROM relayed_receipt WHERE seq = ?");
  return {
    add: ({ digest, toHub, recipient, bytes }) => void add.run(digest, toHub, recipient, bytes),
    queued: (toHub, limit) =>
      queued.all(toHub, limit).map((row) => ({
        seq: numberOf(row, "seq"),
        digest: bytesOf(row, "digest"),
        toHub: textOf(row, "to_hub"),
        recipient: textOf(row, "recipient"),
        bytes: bytesOf(row, "bytes"),
      })),
    drop: (seqs) => {
      for (const seq of seqs) drop.run(seq);
    },
  };
} // prettier-ignore
