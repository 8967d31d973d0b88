import { encodePublication, outSubject } from "../schemas/index.ts";
import { type Fault, toFault } from "../schemas/ground/index.ts";
import { type Departures, type Leaving, urgentRank } from "./exchange/index.ts";
import type { SendQueue } from "./link/index.ts";
import type { Store, StreamPlace } from "./store/index.ts";

/** A store that reports what must stop the process, besides refusing. */
export function watchStore(store: Store, onFatal: (fault: Fault) => void): Store {
  return {
    ...store,
    write: async (act) => {
      try {
        return await store.write(act);
      } catch (error) {
        const fault = toFault(error, "STORE_WRITE_FAILED");
        if (fault.code === "INTEGRITY_STORE") onFatal(fault);
        throw fault;
      }
    },
  };
}

/** By what the queue goes. */
export interface QueueWays {
  /** Whether anything may be sent. */
  readonly maySend: () => boolean;
  readonly departures?: Departures | undefined;
  readonly leaving?: Pick<Leaving, "may"> | undefined;
}

/** What waits in the outbox, as the link sends it; nothing while it may not be sent. */
export function makeQueue(
  { outbox }: Store,
  { maySend, departures, leaving }: QueueWays,
): SendQueue {
  return {
    waiting: (limit) =>
      maySend()
        ? outbox.queued(limit).map((one) => ({ ...one, isUrgent: one.rank >= urgentRank }))
        : [],
    load: (seq) => {
      const publication = outbox.get(seq);
      const message = outbox.raw(seq);
      if (publication === undefined || message === undefined || publication.state !== "WAITING") {
        return undefined;
      }
      // it is woken for again when it may go, or it waits no longer
      if (leaving?.may(seq) === false) return undefined;
      // from here on nobody can say that it never left
      departures?.note(seq);
      const { slip, slipSignature, channel } = publication;
      const bytes = encodePublication({ slip, slipSignature, message });
      return { subject: outSubject(channel), bytes };
    },
  };
}

/** Whether a value is the places of streams that we gave away before. */
export function isPlaces(value: unknown): value is readonly StreamPlace[] {
  return Array.isArray(value);
}
