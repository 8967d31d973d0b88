import {
  commitToMessage,
  isDirectChannel,
  makeLogSalt,
  storedSubject,
  streamOf,
} from "../../schemas/index.ts";
import { Fault, renderUuid, sameBytes, toFault } from "../../schemas/ground/index.ts";
import type { FairPublisher, JetStream, StoredCells, StoreOutcome } from "../nats/index.ts";
import type { Known, Noted, Place } from "./known.ts";
import { readTaken, renderNotes } from "./notes.ts";
import type { Admitted } from "./verdict.ts";

/** What became of an admitted publication: it stands there, its id is taken by another, or it must be tried again. */
export type Stored =
  | { readonly kind: "stands"; readonly place: Place }
  | { readonly kind: "refused"; readonly fault: Fault }
  | { readonly kind: "later"; readonly fault: Fault };

/** What admitted publications are stored with. */
export interface StoreOptions {
  readonly publisher: FairPublisher;
  readonly jetStream: JetStream;
  readonly known: Known;
  readonly cells: StoredCells;
  readonly instances: ReadonlyMap<string, string>;
  /** Told of every place the hub holds something at, before any receipt says so. */
  readonly onPlace: (place: Place, noted: Noted) => void;
}

/** Stores admitted publications, each once. */
export interface Store {
  /** Never rejects; "stands" only when the stream synced it. */
  put(item: Admitted): Promise<Stored>;
}

function noteOf({ envelope, message, digest, channel, admittedAt }: Admitted): Noted {
  const { originator, id, expiresAt } = envelope;
  const bound = { id, envelopeDigest: digest, channel };
  const commitment = commitToMessage(makeLogSalt(message.envelope), bound);
  return { originator, id, digest, channel, expiresAt, admittedAt, commitment };
}

/** Builds a store. */
export function makeStore(options: StoreOptions): Store {
  const { publisher, jetStream, known, cells, instances, onPlace } = options;

  const settle = (noted: Noted, at: { stream: string; sequence: number }): Stored => {
    const instance = instances.get(at.stream);
    if (instance === undefined) {
      known.release(noted);
      const fault = new Fault("HUB_STREAM_WRITE_FAILED", "the stream is being made anew");
      return { kind: "later", fault };
    }
    const { stream, sequence } = at;
    const place = { stream, instance, sequence, admittedAt: noted.admittedAt };
    known.stored(noted, place);
    if (!isDirectChannel(noted.channel)) cells.note(noted.channel, noted.originator);
    onPlace(place, noted);
    return { kind: "stands", place };
  };

  /** A subject is taken when a receipt was lost: then what stands there is this same message. */
  const resolveTaken = async (noted: Noted, subject: string): Promise<Stored> => {
    try {
      const stream = streamOf(noted.channel);
      const found = await jetStream.lastOn(stream, subject);
      if (found === undefined) throw new Fault("HUB_STREAM_WRITE_FAILED", "taken and not there");
      const { digest, originator, admittedAt } = readTaken(found);
      const isSame =
        digest !== undefined && sameBytes(digest, noted.digest) && originator === noted.originator;
      // what stands there was taken before; a word on when is of then
      const stands = { ...noted, admittedAt };
      if (isSame) return settle(stands, { stream, sequence: found.sequence });
    } catch (error) {
      known.release(noted);
      return { kind: "later", fault: toFault(error, "HUB_STREAM_WRITE_FAILED") };
    }
    known.release(noted);
    const detail = "the id is taken by a message with other content";
    return { kind: "refused", fault: new Fault("ENVELOPE_ID_REUSED", detail) };
  };

  const conclude = async (
    noted: Noted,
    subject: string,
    outcome: StoreOutcome,
  ): Promise<Stored> => {
    if (outcome.kind === "taken") return resolveTaken(noted, subject);
    if (outcome.kind === "stored") return settle(noted, outcome);
    known.release(noted);
    return { kind: "later", fault: outcome.fault };
  };

  return {
    put: (item) => {
      const noted = noteOf(item);
      const subject = storedSubject(noted.channel, noted.originator, renderUuid(noted.id));
      known.storing(noted);
      const { promise, resolve } = Promise.withResolvers<StoreOutcome>();
      const { originator: by } = noted;
      publisher.send({ by, subject, payload: item.bytes, headers: renderNotes(noted) }, resolve);
      return promise.then((outcome) => conclude(noted, subject, outcome));
    },
  };
}
