import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** That a message went, or came, by a carry file. */
export interface CarriedMark {
  /** Of ours: for whom the file was written. Of others': who wrote it. */
  readonly agency: string;
  readonly at: EpochMs;
  /** Of others': when a hub handed over the same message after that. */
  readonly linkedAt?: EpochMs | undefined;
}

/** A publication that a reader is not known to hold. */
export interface OpenPublication {
  /** Its place, and that of its message, in the store. */
  readonly seq: number;
  readonly message: number;
  readonly channel: string;
  /** Bytes it takes as it travels; a few more than it will. */
  readonly bytes: number;
}

/** What goes by carry files. What changes it is called inside `write` only. */
export interface Carried {
  /**
   * Publications of ours whose message a reader is not known to hold, and that are not refused, ended or past
   * their time: the most urgent first, then the oldest.
   */
  openFor(reader: string, now: EpochMs): readonly OpenPublication[];
  /** The first time that a message went or came this way stands. */
  add(envelopeDigest: Bytes, mark: Omit<CarriedMark, "linkedAt">): void;
  /** A hub handed it over as well. */
  link(envelopeDigest: Bytes, at: EpochMs): void;
  of(envelopeDigest: Bytes): readonly CarriedMark[];
}

function markOf(row: Row): CarriedMark {
  const linkedAt = maybeOf(row, "linked_at", numberOf);
  const mark = { agency: textOf(row, "agency"), at: numberOf(row, "at") };
  return linkedAt === undefined ? mark : { ...mark, linkedAt };
}

function openOf(row: Row): OpenPublication {
  return {
    seq: numberOf(row, "seq"),
    message: numberOf(row, "message"),
    channel: textOf(row, "channel"),
    bytes: numberOf(row, "bytes"),
  };
}

/** Builds the part of the store that knows what goes by carry files. */
export function makeCarried(database: Database): Carried {
  // from the open messages to their publications, never over all that was ever sent
  const openFor = database.prepare(
    `SELECT p.seq, p.message, p.channel,
     length(m.raw) + length(p.slip) + length(p.slip_signature) + 64 AS bytes FROM message m CROSS JOIN publication p ON p.message = m.seq
     CROSS JOIN delivery d ON d.message = m.seq AND d.reader = ?
     WHERE m.box = 'out' AND m.system IN (0, 1) AND m.state IN ('QUEUED', 'ACCEPTED', 'REFUSED')
     AND m.expires_at > ? AND d.held_at IS NULL AND p.state IN ('WAITING', 'ACCEPTED')
     ORDER BY p.rank DESC, p.seq`,
  );
  const add = database.prepare(
    "INSERT OR IGNORE INTO carried (digest, agency, at) VALUES (?, ?, ?)",
  );
  const link = database.prepare(
    "UPDATE carried SET linked_at = ? WHERE digest = ? AND linked_at IS NULL",
  );
  const of = database.prepare("SELECT * FROM carried WHERE digest = ? ORDER BY at, agency");
  return {
    openFor: (reader, now) => openFor.all(reader, now).map(openOf),
    add: (digest, { agency, at }) => void add.run(digest, agency, at),
    link: (digest, at) => void link.run(at, digest),
    of: (digest) => of.all(digest).map(markOf),
  };
}
