import { type Bytes, type Clock, type Log, toFault } from "../../schemas/ground/index.ts";

/** What asking for heads takes. */
export interface HeadsOptions {
  /** Asks the hub where its streams stand. */
  readonly ask: () => Promise<Bytes>;
  /** Called before the hub is asked; what it returns comes with the answer. */
  readonly before: () => unknown;
  /** Rejects when the answer was not good, or not enough. */
  readonly take: (answer: Bytes, before: unknown) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks a hub now and then where its streams stand. */
export interface HeadsRound {
  /** Call about once a second while the link is up. */
  tick(): void;
  /** A new connection: the hub may be another than before, so it is asked with the next tick. */
  reset(): void;
}

const everyMs = 30_000;
/** After a question that came to nothing: a hub that starts again makes its streams within seconds. */
const againMs = 5_000;

/** Builds the round; nothing is asked before the first tick, and never two questions at a time. */
export function makeHeadsRound({ ask, before, take, clock, log }: HeadsOptions): HeadsRound {
  let dueAt = 0;
  let isAsking = false;

  const go = async (): Promise<void> => {
    isAsking = true;
    try {
      const held = before();
      await take(await ask(), held);
    } catch (error) {
      dueAt = Math.min(dueAt, clock.elapsed() + againMs);
      log.debug("no heads", { code: toFault(error, "INTERNAL").code });
    } finally {
      isAsking = false;
    }
  };

  return {
    tick: () => {
      if (isAsking || clock.elapsed() < dueAt) return;
      dueAt = clock.elapsed() + everyMs;
      // it handles its failures itself
      void go();
    },
    reset: () => {
      dueAt = 0;
    },
  };
}
