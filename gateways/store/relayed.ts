import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** Mail of others that we take from one hub to another. */
export interface RelayedItem {
  readonly seq: number;
  /** SHA-256 of the publication as it was found. */
  readonly digest: Bytes;
  readonly fromHub: string;
  readonly toHub: string;
  readonly agreementRef: string;
  readonly sender: string;
  readonly recipient: string;
  readonly handling: string;
  readonly channel: string;
  readonly series: number;
  readonly sequence: number;
  readonly messageId: Bytes;
  readonly envelopeDigest: Bytes;
  /** What is sent on, sealed as it came, and its SHA-256; absent once it is over. */
  readonly bytes?: Bytes | undefined;
  readonly sentDigest?: Bytes | undefined;
  readonly state: "WAITING" | "ACCEPTED" | "DONE";
  /** Why it came no further. */
  readonly code?: string | undefined;
  /** Whether the other hub accepted it at some time: then it is there, and nothing but its reader ends it. */
  readonly wasAccepted?: boolean | undefined;
  readonly takenAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** Some numbers of one sender's channel. */
export interface SlipSpan {
  readonly sender: string;
  readonly channel: string;
  readonly series: number;
  readonly from: number;
  readonly to: number;
}

/** Mail on its way through us. What changes it is called inside `write` only. */
export interface RelayedMails {
  /** What was taken before stays as it is, and its sender is told of it again. */
  add(item: Omit<RelayedItem, "seq">): void;
  /** What is to go to a hub, the oldest first. */
  queued(toHub: string, limit: number): readonly number[];
  get(seq: number): RelayedItem | undefined;
  find(envelopeDigest: Bytes, channel: string): RelayedItem | undefined;
  bySent(sentDigest: Bytes): RelayedItem | undefined;
  /** What of a span its reader is not known to hold. */
  open(span: SlipSpan): readonly RelayedItem[];
  /** What of a span went on, whether its reader holds it or not. */
  passed(span: SlipSpan): readonly RelayedItem[];
  /** What of a sender's message went on. */
  passedMessage(messageId: Bytes, envelopeDigest: Bytes): readonly RelayedItem[];
  /** All that waits. */
  waiting(): readonly RelayedItem[];
  accept(seq: number, at: EpochMs): void;
  /** What was accepted before and was shown again is as it was. */
  rest(seq: number): void;
  /** It is over: the bytes are taken out. With a code its sender is told of it. */
  end(seq: number, code?: string | null): void;
  /** What a hub accepted and nobody is known to hold goes to it again. */
  again(toHub: string): void;
  untold(fromHub: string, limit: number): readonly RelayedItem[];
  tell(seqs: readonly number[]): void;
  /** Takes out what is past its time. */
  sweep(now: EpochMs): void;
}

function itemOf(row: Row): RelayedItem {
  const state = textOf(row, "state");
  return {
    seq: numberOf(row, "seq"),
    digest: bytesOf(row, "digest"),
    fromHub: textOf(row, "from_hub"),
    toHub: textOf(row, "to_hub"),
    agreementRef: textOf(row, "agreement"),
    sender: textOf(row, "sender"),
    recipient: textOf(row, "recipient"),
    handling: textOf(row, "handling"),
    channel: textOf(row, "channel"),
    series: numberOf(row, "series"),
    sequence: numberOf(row, "sequence"),
    messageId: bytesOf(row, "message_id"),
    envelopeDigest: bytesOf(row, "envelope_digest"),
    bytes: maybeOf(row, "bytes", bytesOf),
    sentDigest: maybeOf(row, "sent_digest", bytesOf),
    state: state === "WAITING" || state === "ACCEPTED" ? state : "DONE",
    code: maybeOf(row, "code", textOf),
    wasAccepted: maybeOf(row, "accepted_at", numberOf) !== undefined,
    takenAt: numberOf(row, "taken_at"),
    expiresAt: numberOf(row, "expires_at"),
  };
}

function one(row: Row | undefined): RelayedItem | undefined {
  return row === undefined ? undefined : itemOf(row);
}

type Finding = Pick<
  RelayedMails,
  "queued" | "get" | "find" | "bySent" | "open" | "passed" | "passedMessage" | "waiting" | "untold"
>;

function makeFinding(database: Database): Finding {
  const queued = database.prepare("SELECT seq FROM relayed_mail WHERE state = 'WAITING' AND to_hub = ? ORDER BY seq LIMIT ?");
  const get = database.prepare("SELECT * FROM relayed_mail WHERE seq = ?");
  const find = database.prepare("SELECT * FROM relayed_mail WHERE envelope_digest = ? AND channel = ? ORDER BY seq DESC LIMIT 1");
  const sent = database.prepare("SELECT * FROM relayed_mail WHERE sent_digest = ?");
  const open = database.prepare(
    "SELECT * FROM relayed_mail WHERE state <> 'DONE' AND channel = ? AND series = ? AND sequence BETWEEN ? AND ? AND sender = ? ORDER BY seq",
  );
  const passed = database.prepare(
    "SELECT * FROM relayed_mail WHERE code IS NULL AND channel = ? AND series = ? AND sequence BETWEEN ? AND ? AND sender = ? ORDER BY seq LIMIT 64",
  );
  const message = database.prepare("SELECT * FROM relayed_mail WHERE code IS NULL AND envelope_digest = ? AND message_id = ?");
  const waiting = database.prepare("SELECT * FROM relayed_mail WHERE state = 'WAITING' ORDER BY seq");
  const untold = database.prepare("SELECT * FROM relayed_mail WHERE told = 0 AND from_hub = ? ORDER BY seq LIMIT ?");
  return {
    queued: (toHub, limit) => queued.all(toHub, limit).map((row) => numberOf(row, "seq")),
    get: (seq) => one(get.get(seq)),
    find: (envelopeDigest, channel) => one(find.get(envelopeDigest, channel)),
    bySent: (sentDigest) => one(sent.get(sentDigest)),
    open: ({ sender, channel, series, from, to }) => open.all(channel, series, from, to, sender).map(itemOf),
    passed: ({ sender, channel, series, from, to }) => passed.all(channel, series, from, to, sender).map(itemOf),
    passedMessage: (messageId, envelopeDigest) => message.all(envelopeDigest, messageId).map(itemOf),
    waiting: () => waiting.all().map(itemOf),
    untold: (fromHub, limit) => untold.all(fromHub, limit).map(itemOf),
  };
} // prettier-ignore

/** Builds the part of the store that holds others' mail on its way through us. */
export function makeRelayedMails(database: Database): RelayedMails {
  const add = database.prepare(
    `INSERT INTO relayed_mail (digest, from_hub, to_hub, agreement, sender, recipient, handling, channel, series, sequence,
       message_id, envelope_digest, sent_digest, bytes, state, code, taken_at, expires_at, told)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (digest) DO UPDATE SET told = 0`,
  );
  const accept = database.prepare(
    "UPDATE relayed_mail SET state = 'ACCEPTED', accepted_at = COALESCE(accepted_at, ?) WHERE seq = ? AND state = 'WAITING'",
  );
  const rest = database.prepare("UPDATE relayed_mail SET state = 'ACCEPTED' WHERE seq = ? AND state = 'WAITING' AND accepted_at IS NOT NULL");
  const end = database.prepare(
    `UPDATE relayed_mail SET state = 'DONE', bytes = NULL, code = ?, told = CASE WHEN ? IS NULL THEN told ELSE 0 END
     WHERE seq = ? AND state <> 'DONE'`,
  );
  const again = database.prepare("UPDATE relayed_mail SET state = 'WAITING' WHERE to_hub = ? AND state = 'ACCEPTED'");
  const tell = database.prepare("UPDATE relayed_mail SET told = 1 WHERE seq = ?");
  const sweep = database.prepare("DELETE FROM relayed_mail WHERE expires_at <= ?");
  return {
    ...makeFinding(database),
    add: (i) =>
      void add.run(i.digest, i.fromHub, i.toHub, i.agreementRef, i.sender, i.recipient, i.handling, i.channel, i.series,
        i.sequence, i.messageId, i.envelopeDigest, i.sentDigest ?? null, i.bytes ?? null, i.state, i.code ?? null, i.takenAt, i.expiresAt),
    accept: (seq, at) => void accept.run(at, seq),
    rest: (seq) => void rest.run(seq),
    end: (seq, code = null) => void end.run(code, code, seq),
    again: (toHub) => void again.run(toHub),
    tell: (seqs) => {
      for (const seq of seqs) tell.run(seq);
    },
    sweep: (now) => void sweep.run(now),
  };
} // prettier-ignore
