import {
  type Bytes,
  type Chance,
  type Clock,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import { backOffMs, scatterMs } from "./back-off.ts";

/** What asking for heads takes. */
export interface HeadsOptions {
  /** Asks the hub where its streams stand. */
  readonly ask: () => Promise<Bytes>;
  /** Called before the hub is asked; what it returns comes with the answer. */
  readonly before: () => unknown;
  /** Rejects when the answer was not good, or not enough. */
  readonly take: (answer: Bytes, before: unknown) => Promise<void>;
  /**
   * Called when two questions in a row were not answered at all: whoever we are connected to may be cut off from the hub. Each
   * time after twice as many as before, until one is answered: where the hub itself is away, nobody else knows more.
   */
  readonly onSilence?: (() => void) | undefined;
  /** Of the line as it is now; 0 when it is not known. */
  readonly roundTripMs?: () => number;
  /** Whether nothing of anybody's has gone over the line for a while: then the hub is asked seldom. */
  readonly isIdle?: (() => boolean) | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** Asks a hub now and then where its streams stand. */
export interface HeadsRound {
  /** Call about once a second while the link is up. */
  tick(): void;
  /** A new connection: the hub may be another than before, so it is asked with the next tick. */
  reset(): void;
  /** Something that the hub owes did not come: it is asked with the next tick, unless it was in the last seconds. */
  hurry(): void;
}

const everyMs = 30_000;
/** What changes at an idle hub it tells by itself, a new register among it; what is left is a stream it lost. */
const idleEveryMs = 480_000;
/** After a question that came to nothing: a hub that starts again makes its streams within seconds, and is found within a minute. */
const againTerms = { firstMs: 5_000, mostMs: 30_000 };
/** Many things that did not come together are one reason to ask. */
const hurriedEveryMs = 10_000;
const firstSilence = 2;
/** Another server is another chance: where the hub is not away but parted, it is a few minutes until the next is tried. */
const longestSilence = 8;
/** A slow line is asked over more seldom: once in so many round trips, but often enough to notice within minutes. */
const roundTrips = 60;
const mostEveryMs = 120_000;

/** Builds the round; nothing is asked before the first tick, and never two questions at a time. */
export function makeHeadsRound(options: HeadsOptions): HeadsRound {
  const { ask, before, take, clock, chance, log } = options;
  let dueAt = 0;
  let idleDueAt = 0;
  let askedAt = -hurriedEveryMs;
  let isAsking = false;
  let failed = 0;
  let silent = 0;
  let borne = firstSilence;

  /** Whether it was answered counts; whether the answer was good does not. */
  const askHub = async (): Promise<Bytes> => {
    silent += 1;
    const answer = await ask();
    silent = 0;
    borne = firstSilence;
    return answer;
  };
  const tellSilence = (): void => {
    if (silent < borne) return;
    silent = 0;
    borne = Math.min(longestSilence, 2 * borne);
    options.onSilence?.();
  };
  const pace = (): number => {
    const slow = roundTrips * (options.roundTripMs?.() ?? 0);
    return scatterMs(Math.min(mostEveryMs, Math.max(everyMs, slow)), chance);
  };
  const go = async (): Promise<void> => {
    isAsking = true;
    try {
      const held = before();
      await take(await askHub(), held);
      failed = 0;
    } catch (error) {
      dueAt = Math.min(dueAt, clock.elapsed() + backOffMs(againTerms, failed, chance));
      idleDueAt = dueAt;
      failed += 1;
      log.debug("no heads", { code: toFault(error, "INTERNAL").code });
      tellSilence();
    } finally {
      isAsking = false;
    }
  };

  return {
    tick: () => {
      const now = clock.elapsed();
      if (isAsking || now < (options.isIdle?.() === true ? idleDueAt : dueAt)) return;
      askedAt = now;
      dueAt = now + pace();
      idleDueAt = now + scatterMs(idleEveryMs, chance);
      // it handles its failures itself
      void go();
    },
    reset: () => {
      dueAt = 0;
      idleDueAt = 0;
      failed = 0;
    },
    hurry: () => {
      dueAt = Math.min(dueAt, askedAt + hurriedEveryMs);
      idleDueAt = Math.min(idleDueAt, dueAt);
    },
  };
}
