import {
  type BlobAnswer,
  chunkMarkHeader,
  encodeBlobList,
  encodeBlobRange,
  limits,
  outBlobSubject,
  parseBlobAnswer,
} from "../../schemas/index.ts";
import { type Bytes, Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import type { HubConnection } from "./connect.ts";

/** A run of a chunk's bytes: where it begins, and how long it is at most. */
export interface BlobRun {
  /** SHA-256 of the whole chunk. */
  readonly digest: Bytes;
  readonly offset: number;
  /** 1 to `limits.maxBlobBytes`; what a cut line loses, so on a poor one ask for little. */
  readonly maxBytes: number;
}

/** Some bytes of a chunk, and the size of the whole. Believed in nothing until the whole was hashed. */
export interface BlobPiece {
  readonly size: number;
  /** From the offset on; fewer than were asked for only at the chunk's end, and none at or beyond it. */
  readonly bytes: Bytes;
}

/**
 * The chunks of files at the hub, over a link that comes and goes. A chunk is whatever bytes they are: encrypt them first,
 * the hub sees them. Every call may be repeated safely, and ends: with an answer, or with one of the faults named, which
 * says by its `retry` whether to try again. A call that is under way when the connection is lost ends at once.
 *
 * Have few under way: the hub takes `limits.maxBlobsUnderWay` of one agency at a time (QUOTA_EXCEEDED beyond that), and on a
 * slow line chunks stand in the way of messages. Nothing here waits, retries or remembers.
 *
 * Faults of every call: HUB_UNREACHABLE (no connection, no answer in time, or one that is no answer), QUOTA_EXCEEDED (too
 * many at once: wait a second), MANDATE_SUSPENDED, AGENCY_UNKNOWN, REQUEST_INVALID (a hub of an older version).
 */
export interface HubBlobs {
  /**
   * Hands a chunk to the hub. When it resolves the hub says that it holds the chunk durably, for `limits.blobRetentionMs`
   * from when it first came; a chunk that was there already counts from then.
   *
   * @param bytes 1 to `limits.maxBlobBytes`; usually `limits.blobChunkBytes`
   * @param mark of a token that has it taken out again; the mark of who put it first counts
   * @returns the chunk's digest, as computed here
   * @throws {Fault} BLOB_ALLOWANCE_SPENT (the agency's day is used up: try in an hour), BLOB_STORE_FULL (try in hours),
   * HUB_STREAM_WRITE_FAILED (it may be stored or not: put it again), CODEC_TOO_LARGE
   */
  putBlob(bytes: Bytes, mark?: string): Promise<Bytes>;
  /**
   * Which of these chunks the hub does not hold now, in the order asked; none for none. Asked `limits.maxBlobsAsked` at a
   * time, one question after the other.
   */
  missingBlobs(digests: readonly Bytes[]): Promise<readonly Bytes[]>;
  /**
   * Fetches a run of a chunk. Join runs from offset 0 on until `size` is reached, over as many calls, connections and
   * restarts as it takes, then hash the whole: only when it has the digest are its bytes believed; else drop all of it.
   *
   * @throws {Fault} BLOB_MISSING (not there now: never put, lost, or past its time)
   */
  getBlob(run: BlobRun): Promise<BlobPiece>;
}

/** The chunks at the hub, and what the link tells them. */
export interface LinkBlobs extends HubBlobs {
  /** The connection was lost: no answer comes any more to what was asked over it. */
  reset(): void;
}

/** Before and after the bytes themselves: what is queued before them, two ways of a far satellite, a synced write. */
const baseMs = 15_000;
/** Bytes a second that a line brings at the least, half of 32 kbit/s: it is shared, and loses. */
const slowestPerSecond = 2_048;
/** Bytes of an answer without a piece. */
const shortAnswer = 64;

/** How long a call may take whose question and answer are so long together. */
function timeoutOf(bytes: number): number {
  return baseMs + (bytes * 1000) / slowestPerSecond;
}

function noAnswer(): Fault {
  return new Fault("HUB_UNREACHABLE", "the hub's answer is not to what it was asked");
}

function isBitSet(bits: Bytes, at: number): boolean {
  return (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

/** What a question is besides its bytes: how long its answer may be, and the mark that goes with a chunk. */
interface Beside {
  readonly answerBytes?: number;
  readonly mark?: string | undefined;
}

type Ask = (
  act: Parameters<typeof outBlobSubject>[0],
  question: Bytes,
  beside?: Beside,
) => Promise<BlobAnswer>;

/** Answers to calls that are under way, or the loss of their connection, whichever is first. */
function makeAsk(connection: Pick<HubConnection, "request">): { ask: Ask; reset: () => void } {
  const underWay = new Set<(fault: Fault) => void>();
  return {
    ask: async (act, question, { answerBytes = shortAnswer, mark } = {}) => {
      const { promise: lost, reject } = Promise.withResolvers<never>();
      underWay.add(reject);
      try {
        const timeoutMs = timeoutOf(question.length + answerBytes);
        const headers = mark === undefined ? undefined : { [chunkMarkHeader]: mark };
        const asking = headers === undefined ? timeoutMs : { timeoutMs, headers };
        const answer = connection.request(outBlobSubject(act), question, asking);
        return parseBlobAnswer(await Promise.race([answer, lost]));
      } finally {
        underWay.delete(reject);
      }
    },
    reset: () => {
      for (const lose of underWay) lose(new Fault("HUB_UNREACHABLE", "the connection was lost"));
    },
  };
}

async function findMissing(ask: Ask, digests: readonly Bytes[]): Promise<readonly Bytes[]> {
  const { held } = await ask("held", encodeBlobList({ digests }));
  if (held?.length !== Math.ceil(digests.length / 8)) throw noAnswer();
  return digests.filter((_, at) => !isBitSet(held, at));
}

async function fetchRun(ask: Ask, run: BlobRun): Promise<BlobPiece> {
  const { offset, maxBytes } = run;
  const { size, piece: bytes = new Uint8Array() } = await ask("get", encodeBlobRange(run), {
    answerBytes: maxBytes + shortAnswer,
  });
  const rest = Math.max(0, (size ?? 0) - offset);
  // a hub that hands out less than it could would be asked for ever
  if (size === undefined || size === 0 || bytes.length !== Math.min(rest, maxBytes))
    throw noAnswer();
  return { size, bytes };
}

/** Builds the calls over one link's connection. Nothing is asked yet. */
export function makeLinkBlobs(connection: Pick<HubConnection, "request">): LinkBlobs {
  const { ask, reset } = makeAsk(connection);
  return {
    putBlob: async (bytes, mark) => {
      if (bytes.length === 0 || bytes.length > limits.maxBlobBytes) {
        throw new Fault("CODEC_TOO_LARGE", `a chunk has 1 to ${limits.maxBlobBytes} bytes`);
      }
      const digest = sha256(bytes);
      const { stored } = await ask("put", bytes, { mark });
      if (stored === undefined || !sameBytes(stored, digest)) throw noAnswer();
      return digest;
    },
    missingBlobs: async (digests) => {
      const missing: Bytes[] = [];
      for (let from = 0; from < digests.length; from += limits.maxBlobsAsked) {
        missing.push(...(await findMissing(ask, digests.slice(from, from + limits.maxBlobsAsked))));
      }
      return missing;
    },
    getBlob: async (run) => await fetchRun(ask, run),
    reset,
  };
}
