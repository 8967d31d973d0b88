import { limits } from "../../schemas/index.ts";
import { type Chance, type Clock, makeUuid, renderUuid } from "../../schemas/ground/index.ts";
import { feedStream } from "./accounts.ts";
import { isFeedStream } from "./feed-name.ts";
import { isWithoutPeers, type JetStream } from "./jetstream.ts";
import { hubLimits } from "./limits.ts";
import type { Rooms } from "./rooms.ts";

/** Names of the streams that are neither feeds nor an agency's intake. */
export const streamNames = {
  direct: "DIRECT",
  receipts: "RECEIPTS",
  quarantine: "QUARANTINE",
  blobs: "BLOB",
  log: "LOG",
  turn: "TURN",
} as const;

/** A stream's configuration in the server's own words; times in nanoseconds. */
export type StreamConfig = Readonly<Record<string, unknown>> & { readonly name: string };

const nanos = 1_000_000;

/**
 * What every stored stream has: refuses what is new when full instead of dropping what is old, and lets
 * nobody delete, purge, roll up, expire or schedule messages through it. From feeds, direct mail and chunks of files the hub
 * itself takes out single ones: what their owners take back, and what is past its time.
 */
const kept = {
  storage: "file",
  retention: "limits",
  discard: "new",
  num_replicas: 1,
  deny_delete: true,
  deny_purge: true,
  allow_rollup_hdrs: false,
  allow_direct: false,
  allow_msg_ttl: false,
} as const;

const erasable = { deny_delete: false } as const;

/** One message a subject: the subject ends in the message's id, so nothing is stored twice. */
const once = { max_msgs_per_subject: 1, discard_new_per_subject: true } as const;

function feedConfig(rec: string, maxBytes: number): StreamConfig {
  return {
    ...kept,
    ...erasable,
    ...once,
    name: feedStream(rec),
    subjects: [`feed.${rec}.>`],
    max_age: hubLimits.feedRetentionMs * nanos,
    max_bytes: maxBytes,
  };
}

/** Chunks of files, each under its digest: it cannot be another, and it is not stored twice. */
function blobConfig(maxBytes: number): StreamConfig {
  return {
    ...kept,
    ...erasable,
    ...once,
    name: streamNames.blobs,
    subjects: ["blob.*"],
    max_age: limits.blobRetentionMs * nanos,
    max_bytes: maxBytes,
    max_msg_size: limits.maxBlobBytes,
  };
}

/** For few agencies. */
const leastRooms: Rooms = {
  feed: hubLimits.feedMinBytes,
  direct: hubLimits.directMaxBytes,
  receipts: hubLimits.receiptMaxBytes,
};

/** The streams of a hub that serves these RECs; chunks of files, feeds, direct mail and receipts get so many bytes. */
export function streamConfigs(
  recs: readonly string[],
  blobMaxBytes: number = hubLimits.blobMaxBytes,
  rooms: Rooms = leastRooms,
): readonly StreamConfig[] {
  return [
    blobConfig(blobMaxBytes),
    ...recs.toSorted().map((rec) => feedConfig(rec, rooms.feed)),
    {
      ...kept,
      ...erasable,
      ...once,
      name: streamNames.direct,
      subjects: ["direct.*.*.*"],
      max_age: hubLimits.directRetentionMs * nanos,
      max_bytes: rooms.direct,
    },
    {
      ...kept,
      name: streamNames.receipts,
      // Any agency may send receipts to any other: if a full stream refused new ones, one agency could end all
      // acceptance. What is dropped is said again; the messages themselves are in their senders' custody.
      discard: "old",
      subjects: ["receipt.*.*"],
      max_age: hubLimits.receiptRetentionMs * nanos,
      max_bytes: rooms.receipts,
      max_msgs_per_subject: hubLimits.maxReceiptsPerAgency,
    },
    {
      ...kept,
      name: streamNames.quarantine,
      subjects: ["quarantine.*.*"],
      // It serves inquiry, and nothing waits for it.
      discard: "old",
      max_age: hubLimits.quarantineRetentionMs * nanos,
      max_bytes: hubLimits.quarantineMaxBytes,
      max_msgs_per_subject: hubLimits.maxQuarantinedPerAgency,
    },
  ];
}

/** Where an entry of the hub's log is published. */
export const logSubject = "log.batch";

/** The stream that the hub's log is kept in: nothing in it ends, and nothing is taken out. */
export function logStreamConfig(maxBytes: number): StreamConfig {
  return {
    ...kept,
    name: streamNames.log,
    subjects: [logSubject],
    max_age: 0,
    max_bytes: maxBytes,
    max_msg_size: limits.maxLogBatchBytes + 1024,
  };
}

/** Where the brokers of a hub say whose turn it is. */
export const turnSubject = "turn";

/** The stream of turns: some of the newest words, for people who want to know. */
export const turnStreamConfig: StreamConfig = {
  ...kept,
  name: streamNames.turn,
  subjects: [turnSubject],
  discard: "old",
  max_age: 0,
  max_msgs: 64,
  max_bytes: 64 * 1024,
};

/** Whether the server has a stream otherwise than it is wanted. */
function differs(wanted: StreamConfig, found: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).some(
    ([key, value]) => JSON.stringify(found[key] ?? false) !== JSON.stringify(value),
  );
}

/** One stream as it stands after it was ensured. */
export interface EnsuredStream {
  readonly stream: string;
  readonly instance: string;
  readonly lastSequence: number;
  /** Whether it was not there and was made now. */
  readonly isNew: boolean;
  /** Whoever told this may lead the stream no more. */
  readonly isDoubtful: boolean;
  /** What it has, or is to have: no less room than it had. */
  readonly config: StreamConfig;
}

/** Whose room never shrinks: what is in it would be dropped, or nothing more taken. */
function isGrowing(stream: string): boolean {
  return stream === streamNames.direct || stream === streamNames.receipts || isFeedStream(stream);
}

/** With no less room than it has: fewer agencies than before take nothing away from what is stored. */
function withRoom(wanted: StreamConfig, found: Readonly<Record<string, unknown>>): StreamConfig {
  const { max_bytes: has } = found;
  const { max_bytes: wants } = wanted;
  const keeps = isGrowing(wanted.name) && typeof has === "number" && typeof wants === "number" && has > wants;
  return keeps ? { ...wanted, max_bytes: has } : wanted;
} // prettier-ignore

/** What streams are made with. */
export interface StreamMaker {
  readonly jetStream: JetStream;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Called before a stream is made anew: what is known of the old one counts no more. */
  readonly onMissing: (stream: string) => void;
}

/**
 * Makes sure that one stream is there as wanted. One that is missing is made with a fresh instance, by
 * which senders see that what it held is gone.
 *
 * @throws {Fault} HUB_STREAM_WRITE_FAILED, HUB_UNREACHABLE
 */
export async function ensureStream(
  maker: StreamMaker,
  wanted: StreamConfig,
): Promise<EnsuredStream> {
  const { jetStream, clock, chance, onMissing } = maker;
  const stream = wanted.name;
  const found = await jetStream.stream(stream);
  if (found === undefined) {
    onMissing(stream);
    const instance = renderUuid(makeUuid(clock.now(), chance));
    const made = await jetStream.createStream({ ...wanted, metadata: { instance } });
    const { lastSequence } = made;
    const { instance: of } = made;
    return { stream, instance: of, lastSequence, isNew: true, isDoubtful: false, config: wanted };
  }
  const roomy = withRoom(wanted, found.config);
  if (differs(jetStream.spread(roomy), found.config)) {
    const metadata = { instance: found.instance };
    try {
      await jetStream.updateStream({ ...roomy, metadata });
    } catch (error) {
      // it goes on with the copies it has, and is given the others later
      if (!isWithoutPeers(error)) throw error;
    }
  }
  const { lastSequence, isDoubtful = false } = found;
  const { instance } = found;
  return { stream, instance, lastSequence, isNew: false, isDoubtful, config: roomy };
}
