import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** An order of a sender to the hub beyond, which we show to it as its relay, and its answer, which we bring back. */
export interface RelayedErasure {
  readonly seq: number;
  readonly sender: string;
  readonly fromHub: string;
  readonly toHub: string;
  readonly messageId: Bytes;
  readonly envelopeDigest: Bytes;
  readonly channel: string;
  /** The sender's SignedReceipt for that hub. */
  readonly word: Bytes;
  /** That hub's SignedReceipt for the sender. */
  readonly answer?: Bytes | undefined;
  readonly expiresAt: EpochMs;
}

/** What a message is known by on its way. */
export type ErasedMail = Pick<RelayedErasure, "sender" | "envelopeDigest" | "channel">;

/** Orders on their way through us. What changes it is called inside `write` only. */
export interface RelayedErasures {
  /** Ordered again, what was answered is told again. */
  add(erasure: Omit<RelayedErasure, "seq" | "answer">): void;
  /** Whether the sender of some mail had it erased. */
  has(mail: ErasedMail): boolean;
  /** What a hub is still to be asked, the oldest first. */
  unasked(toHub: string, limit: number): readonly RelayedErasure[];
  answer(seq: number, answer: Bytes): void;
  /** The hub took the mail after all, and is asked once more. */
  again(mail: ErasedMail): void;
  untold(fromHub: string, limit: number): readonly RelayedErasure[];
  tell(seqs: readonly number[]): void;
  sweep(now: EpochMs): void;
}

function erasureOf(row: Row): RelayedErasure {
  return {
    seq: numberOf(row, "seq"),
    sender: textOf(row, "sender"),
    fromHub: textOf(row, "from_hub"),
    toHub: textOf(row, "to_hub"),
    messageId: bytesOf(row, "message_id"),
    envelopeDigest: bytesOf(row, "envelope_digest"),
    channel: textOf(row, "channel"),
    word: bytesOf(row, "word"),
    answer: maybeOf(row, "answer", bytesOf),
    expiresAt: numberOf(row, "expires_at"),
  };
}

/** Builds the part of the store that holds others' orders on their way through us. */
export function makeRelayedErasures(database: Database): RelayedErasures {
  const add = database.prepare(
    `INSERT INTO relayed_erasure (sender, from_hub, to_hub, message_id, envelope_digest, channel, word, told, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT (sender, to_hub, message_id, channel) DO UPDATE SET told = 0, word = CASE WHEN answer IS NULL THEN excluded.word ELSE word END`,
  );
  const named = "envelope_digest = ? AND sender = ? AND channel = ?";
  const has = database.prepare(`SELECT 1 FROM relayed_erasure WHERE ${named}`);
  const again = database.prepare(`UPDATE relayed_erasure SET answer = NULL, told = 0 WHERE ${named}`);
  const unasked = database.prepare("SELECT * FROM relayed_erasure WHERE answer IS NULL AND to_hub = ? ORDER BY seq LIMIT ?");
  const answer = database.prepare("UPDATE relayed_erasure SET answer = ? WHERE seq = ?");
  const untold = database.prepare(
    "SELECT * FROM relayed_erasure WHERE answer IS NOT NULL AND told = 0 AND from_hub = ? ORDER BY seq LIMIT ?",
  );
  const tell = database.prepare("UPDATE relayed_erasure SET told = 1 WHERE seq = ?");
  const sweep = database.prepare("DELETE FROM relayed_erasure WHERE expires_at <= ?");
  return {
    add: (one) =>
      void add.run(one.sender, one.fromHub, one.toHub, one.messageId, one.envelopeDigest, one.channel, one.word, one.expiresAt),
    has: ({ envelopeDigest, sender, channel }) => has.get(envelopeDigest, sender, channel) !== undefined,
    unasked: (toHub, limit) => unasked.all(toHub, limit).map(erasureOf),
    answer: (seq, said) => void answer.run(said, seq),
    again: ({ envelopeDigest, sender, channel }) => void again.run(envelopeDigest, sender, channel),
    untold: (fromHub, limit) => untold.all(fromHub, limit).map(erasureOf),
    tell: (seqs) => {
      for (const seq of seqs) tell.run(seq);
    },
    sweep: (now) => void sweep.run(now),
  };
} // prettier-ignore
