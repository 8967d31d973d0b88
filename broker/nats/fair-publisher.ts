import { Fault } from "../../schemas/ground/index.ts";
import { type FairQueue, makeFairQueue } from "./fair-queue.ts";
import { hubLimits } from "./limits.ts";
import type { Publisher, StoreOutcome, ToStore } from "./publisher.ts";

/** What is to be stored, and whose turn it takes. */
export interface InTurn extends ToStore {
  /** The agency on whose account it is stored. */
  readonly by: string;
}

/** Publishes into streams, of each agency in turn. */
export interface FairPublisher extends Omit<Publisher, "send"> {
  /** Calls `done` exactly once, when the stream's answer came, or it cannot come any more. */
  send(item: InTurn, done: (outcome: StoreOutcome) => void): void;
}

interface Waiting {
  readonly item: InTurn;
  readonly done: (outcome: StoreOutcome) => void;
}

/** One stream's way in: a stream that is slow or full keeps nobody from another. */
interface Lane {
  sent: number;
  /** An answer that comes while others are handed over hands over no more itself. */
  isFilling: boolean;
  readonly waiting: FairQueue<Waiting>;
}

/** What tells streams apart in a subject: the community of a feed, the kind of all else. */
function laneOf(subject: string): string {
  const [kind = "", rec = ""] = subject.split(".", 2);
  return kind === "feed" ? `feed.${rec}` : kind;
}

/**
 * Builds a publisher that hands each stream a window of messages at a time, and of each agency a few before the next one's turn.
 * A stream writes and syncs one message after the other: with everything handed over at once, whoever sends most would have
 * everybody else's next message behind all of his.
 */
export function makeFairPublisher(publisher: Publisher): FairPublisher {
  const lanes = new Map<string, Lane>();
  let waitingCount = 0;

  const laneFor = (subject: string): Lane => {
    const name = laneOf(subject);
    const lane = lanes.get(name) ?? {
      sent: 0,
      isFilling: false,
      waiting: makeFairQueue<Waiting>(),
    };
    lanes.set(name, lane);
    return lane;
  };

  const hand = (lane: Lane, { item, done }: Waiting): void => {
    waitingCount -= 1;
    lane.sent += 1;
    publisher.send(item, (outcome) => {
      lane.sent -= 1;
      done(outcome);
      fill(lane);
    });
  };

  const fill = (lane: Lane): void => {
    if (lane.isFilling) return;
    lane.isFilling = true;
    while (lane.sent < hubLimits.streamWindow) {
      const next = lane.waiting.take();
      if (next === undefined) break;
      hand(lane, next);
    }
    lane.isFilling = false;
  };

  /** Ends all that was not handed over yet. Before what was: an end of that would hand over more. */
  const drop = (detail: string): void => {
    const fault = new Fault("HUB_STREAM_WRITE_FAILED", detail);
    for (const { waiting } of lanes.values()) {
      const all = waiting.takeAll();
      waitingCount -= all.length;
      for (const { done } of all) done({ kind: "unknown", fault });
    }
  };

  return {
    send: (item, done) => {
      const lane = laneFor(item.subject);
      lane.waiting.add(item.by, { item, done });
      waitingCount += 1;
      fill(lane);
    },
    reset: () => {
      drop("the connection was lost");
      publisher.reset();
    },
    stop: () => {
      drop("the hub stops");
      publisher.stop();
    },
    get underWay() {
      return waitingCount + publisher.underWay;
    },
  };
}
