import { blobSubject, chunkMarkHeader } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import {
  findHeldMessage,
  holdsSubject,
  type Link,
  type Publisher,
  type StoreOutcome,
  streamNames,
} from "../nats/index.ts";

/** A chunk as it is put. */
export interface PutChunk {
  readonly bytes: Bytes;
  /** What its putter will open with a token; one without is never taken out before its time. */
  readonly mark?: string | undefined;
}

/** The chunks that the hub keeps, by their digest. What is kept is never changed. */
export interface Shelf {
  /**
   * Keeps a chunk. When it resolves the stream has synced it, or had it before; then it resolves to false.
   *
   * @throws {Fault} BLOB_STORE_FULL, HUB_STREAM_WRITE_FAILED, HUB_UNREACHABLE; then it may be kept or not
   */
  put(digest: Bytes, chunk: PutChunk): Promise<boolean>;
  /** Whether the chunk is there now. @throws {Fault} HUB_UNREACHABLE */
  holds(digest: Bytes): Promise<boolean>;
  /** The chunk, or undefined. @throws {Fault} HUB_UNREACHABLE */
  find(digest: Bytes): Promise<Bytes | undefined>;
}

/** Builds the shelf over a connection into the hub's account, and a publisher that is its own. */
export function makeShelf(link: Link, publisher: Publisher): Shelf {
  const holds = holdsSubject(link, streamNames.blobs);
  return {
    put: async (digest, { bytes: payload, mark }) => {
      const subject = blobSubject(digest);
      const { promise, resolve } = Promise.withResolvers<StoreOutcome>();
      const headers = mark === undefined ? {} : { headers: { [chunkMarkHeader]: mark } };
      publisher.send({ subject, payload, ...headers }, resolve);
      const outcome = await promise;
      if (outcome.kind === "unknown") throw outcome.fault;
      // the server has one number for "this subject has its message" and "no room": what is there decides
      if (outcome.kind === "taken" && !(await holds(subject))) {
        throw new Fault("BLOB_STORE_FULL", "the stream takes no more until old chunks are gone");
      }
      return outcome.kind === "stored";
    },
    holds: (digest) => holds(blobSubject(digest)),
    find: async (digest) =>
      (await findHeldMessage(link, streamNames.blobs, blobSubject(digest)))?.data,
  };
}
