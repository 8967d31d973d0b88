import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { makeBacklog, makeHolding } from "./holding.ts";
import { parseNumbers, renderNumbers } from "./names.ts";
import { makePlaces, makeRoutes } from "./outbox-places.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** Where one of our channels stands. */
export interface ChannelEnd {
  readonly series: number;
  /** Of the last slip. */
  readonly sequence: number;
  readonly digest: Bytes;
  /** Numbers that were refused and that no slip has told yet; they rise. */
  readonly voided: readonly number[];
}

/** One message on one channel. */
export interface StoredPublication {
  readonly seq: number;
  /** Place of its message in the store. */
  readonly message: number;
  readonly channel: string;
  readonly series: number;
  readonly sequence: number;
  readonly slip: Bytes;
  readonly slipSignature: string;
  readonly slipDigest: Bytes;
  /** SHA-256 of the encoded Publication. */
  readonly digest: Bytes;
  /** The higher, the sooner it is sent. */
  readonly rank: number;
  /** The hub it goes by; empty while the register names none for it. */
  readonly hub: string;
  readonly stream: string;
  /** WAITING, HELD, ACCEPTED, REFUSED, EXPIRED or STOPPED. */
  readonly state: string;
  /** Where the hub holds it, once accepted. */
  readonly instance?: string | undefined;
  readonly streamSequence?: number | undefined;
}

/** What of a publication is its number's. */
export type NewSlip = Pick<
  StoredPublication,
  "series" | "sequence" | "slip" | "slipSignature" | "slipDigest" | "digest"
>;

/** A place in one instance of a hub's stream. */
export interface StreamPlace {
  readonly stream: string;
  readonly instance: string;
  readonly sequence: number;
}

/** A channel, and the hub by which it goes. */
export interface Route {
  readonly channel: string;
  readonly hub: string;
}

/** What waits of one rank. */
export interface BacklogLine {
  readonly rank: number;
  readonly count: number;
  /** Of the publications as they will be sent, but for some octets of framing. */
  readonly bytes: number;
  /** When the oldest was stored. */
  readonly oldestAt: EpochMs;
}

/** What we owe the hub. What changes it is called inside `write` only. */
export interface Outbox {
  channel(channel: string): ChannelEnd | undefined;
  setChannel(channel: string, end: ChannelEnd): void;
  add(
    publication: Omit<
      StoredPublication,
      "seq" | "state" | "instance" | "streamSequence" | "hub"
    > & { readonly hub?: string | undefined },
  ): number;
  /** Places of what waits to be sent: highest rank first, then oldest. */
  waiting(limit: number): readonly number[];
  /** The same, with their ranks, of what goes by one hub; of all when none is named. */
  queued(limit: number, hub?: string): readonly { readonly seq: number; readonly rank: number }[];
  /** The place of the last publication; 0 when there is none. */
  last(): number;
  /** Holds back what was added after a place: it is not sent before it is released. */
  holdAfter(seq: number): void;
  /** Messages that are held back, in the order they were added. */
  held(): readonly number[];
  release(message: number): void;
  /** Whether the hub ever took a message of ours for exactly this audience. */
  wasWrittenTo(audience: readonly string[]): boolean;
  /** What waits, by rank, the highest first; without what gateways tell each other. */
  backlog(): readonly BacklogLine[];
  /** How many wait, for one hub or for all; without what gateways tell each other. */
  countWaiting(hub?: string | null): number;
  get(seq: number): StoredPublication | undefined;
  /** The encoded Message of a publication. */
  raw(seq: number): Bytes | undefined;
  byDigest(digest: Bytes): StoredPublication | undefined;
  byMessage(message: number): readonly StoredPublication[];
  bySequence(channel: string, series: number, sequence: number): StoredPublication | undefined;
  /** The last number of ours in a channel's series; 0 when there is none. */
  lastSequence(channel: string, series: number): number;
  /** Places of what waits and is numbered in another series than this, oldest first; of what goes by one hub, or of all. */
  waitingOutside(series: number, hub?: string): readonly number[];
  /** Numbers what waits anew, under another slip. */
  renumber(seq: number, slip: NewSlip): void;
  accept(seq: number, place: StreamPlace): void;
  settle(seq: number, state: "REFUSED" | "EXPIRED" | "STOPPED"): void;
  /** The highest place in each instance of each stream where something of ours that is not delivered stands; at one hub, or at all. */
  highestPlaces(hub?: string): readonly StreamPlace[];
  /** Puts everything accepted in one instance of a stream, and not yet delivered, back to waiting. Returns their messages. */
  reopen(stream: string, instance: string, hub?: string): readonly number[];
  /** The channels in which something waits or is held back, each with the hub it goes by. */
  openRoutes(): readonly Route[];
  /** What waits or is held back in a channel goes by another hub. */
  reroute(route: Route): void;
  /** Messages past their time that were not delivered. */
  overdue(now: EpochMs, limit: number): readonly number[];
}

function publicationOf(row: Row): StoredPublication {
  return {
    seq: numberOf(row, "seq"),
    message: numberOf(row, "message"),
    channel: textOf(row, "channel"),
    series: numberOf(row, "series"),
    sequence: numberOf(row, "sequence"),
    slip: bytesOf(row, "slip"),
    slipSignature: textOf(row, "slip_signature"),
    slipDigest: bytesOf(row, "slip_digest"),
    digest: bytesOf(row, "digest"),
    rank: numberOf(row, "rank"),
    hub: textOf(row, "hub"),
    stream: textOf(row, "stream"),
    state: textOf(row, "state"),
    instance: maybeOf(row, "instance", textOf),
    streamSequence: maybeOf(row, "stream_sequence", numberOf),
  };
}

function one(row: Row | undefined): StoredPublication | undefined {
  return row === undefined ? undefined : publicationOf(row);
}

type Renumbering = Pick<Outbox, "lastSequence" | "waitingOutside" | "renumber">;

function makeRenumbering(database: Database): Renumbering {
  const last = database.prepare(
    "SELECT coalesce(max(sequence), 0) AS n FROM publication WHERE channel = ? AND series = ?",
  );
  const outside = database.prepare(
    "SELECT seq FROM publication WHERE state = 'WAITING' AND series <> ? AND hub = coalesce(?, hub) ORDER BY seq",
  );
  const renumber = database.prepare(
    `UPDATE publication SET series = ?, sequence = ?, slip = ?, slip_signature = ?, slip_digest = ?,
     digest = ? WHERE seq = ? AND state = 'WAITING'`,
  );
  return {
    lastSequence: (channel, series) => numberOf(last.get(channel, series) ?? {}, "n"),
    waitingOutside: (series, hub) =>
      outside.all(series, hub ?? null).map((row) => numberOf(row, "seq")),
    renumber: (seq, { series, sequence, slip, slipSignature, slipDigest, digest }) =>
      void renumber.run(series, sequence, slip, slipSignature, slipDigest, digest, seq),
  };
}

type Channels = Pick<Outbox, "channel" | "setChannel">;

function makeChannels(database: Database): Channels {
  const channel = database.prepare("SELECT * FROM out_channel WHERE channel = ?");
  const setChannel = database.prepare(
    `INSERT INTO out_channel (channel, series, sequence, digest, voided) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (channel) DO UPDATE SET series = excluded.series, sequence = excluded.sequence,
     digest = excluded.digest, voided = excluded.voided`,
  );
  return {
    channel: (name) => {
      const row = channel.get(name);
      return row === undefined
        ? undefined
        : {
            series: numberOf(row, "series"),
            sequence: numberOf(row, "sequence"),
            digest: bytesOf(row, "digest"),
            voided: parseNumbers(textOf(row, "voided")),
          };
    },
    setChannel: (name, { series, sequence, digest, voided }) => {
      setChannel.run(name, series, sequence, digest, renderNumbers(voided));
    },
  };
}

/** Builds the part of the store that holds what is to be sent. */
export function makeOutbox(database: Database): Outbox {
  const add = database.prepare(
    `INSERT INTO publication (message, channel, series, sequence, slip, slip_signature, slip_digest,
     digest, rank, stream, hub, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING')`,
  );
  const waiting = database.prepare(
    "SELECT seq, rank FROM publication WHERE state = 'WAITING' ORDER BY rank DESC, seq LIMIT ?",
  );
  const waitingAt = database.prepare(
    "SELECT seq, rank FROM publication WHERE state = 'WAITING' AND hub = ? ORDER BY rank DESC, seq LIMIT ?",
  );
  const countWaiting = database.prepare(
    `SELECT (SELECT count(*) FROM publication WHERE state = 'WAITING' AND hub = coalesce(?, hub)) +
       (SELECT count(*) FROM message m JOIN publication p ON p.message = m.seq
        WHERE m.system = 0 AND p.state = 'HELD' AND p.hub = coalesce(?, p.hub)) -
       (SELECT count(*) FROM message m JOIN publication p ON p.message = m.seq
        WHERE m.box = 'out' AND m.system = 1 AND m.state IN ('QUEUED', 'ACCEPTED') AND p.state = 'WAITING'
          AND p.hub = coalesce(?, p.hub)) AS n`,
  );
  const get = database.prepare("SELECT * FROM publication WHERE seq = ?");
  const raw = database.prepare(
    "SELECT raw FROM message WHERE seq = (SELECT message FROM publication WHERE seq = ?)",
  );
  const byDigest = database.prepare("SELECT * FROM publication WHERE digest = ?");
  const byMessage = database.prepare("SELECT * FROM publication WHERE message = ? ORDER BY seq");
  const bySequence = database.prepare(
    "SELECT * FROM publication WHERE channel = ? AND series = ? AND sequence = ?",
  );
  const accept = database.prepare(
    "UPDATE publication SET state = 'ACCEPTED', instance = ?, stream_sequence = ? WHERE seq = ?",
  );
  const settle = database.prepare("UPDATE publication SET state = ? WHERE seq = ?");
  return {
    ...makeChannels(database),
    ...makePlaces(database),
    ...makeRenumbering(database),
    ...makeRoutes(database),
    ...makeHolding(database),
    backlog: makeBacklog(database),
    add: (p) =>
      add.run(p.message, p.channel, p.series, p.sequence, p.slip, p.slipSignature, p.slipDigest,
        p.digest, p.rank, p.stream, p.hub ?? "").seq, // prettier-ignore
    waiting: (limit) => waiting.all(limit).map((row) => numberOf(row, "seq")),
    queued: (limit, hub) =>
      (hub === undefined ? waiting.all(limit) : waitingAt.all(hub, limit)).map((row) => ({
        seq: numberOf(row, "seq"),
        rank: numberOf(row, "rank"),
      })),
    countWaiting: (hub = null) => numberOf(countWaiting.get(hub, hub, hub) ?? {}, "n"),
    get: (seq) => one(get.get(seq)),
    raw: (seq) => {
      const row = raw.get(seq);
      return row === undefined ? undefined : bytesOf(row, "raw");
    },
    byDigest: (digest) => one(byDigest.get(digest)),
    byMessage: (message) => byMessage.all(message).map(publicationOf),
    bySequence: (channel, series, sequence) => one(bySequence.get(channel, series, sequence)),
    accept: (seq, { instance, sequence }) => void accept.run(instance, sequence, seq),
    settle: (seq, state) => void settle.run(state, seq),
  };
}
