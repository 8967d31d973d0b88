import type { Clock, Timer } from "../../schemas/ground/index.ts";

/** A sleep that may be cut short, and never so short that whoever wakes it often keeps the machine busy. */
export interface Rest {
  /** Ends the sleep under way, or the next one. */
  wake(): void;
  /** Ends every sleep from now on, at once. */
  end(): void;
  /** Sleeps `ms`; once it was woken, no less than `leastMs`. */
  sleep(ms: number, leastMs: number): Promise<void>;
}

/** Builds one; one at a time sleeps by it. */
export function makeRest(clock: Pick<Clock, "after">): Rest {
  let isWoken = false;
  let isEnded = false;
  let isLeast = false;
  let done: (() => void) | undefined;
  return {
    wake: () => {
      isWoken = true;
      if (isLeast) done?.();
    },
    end: () => {
      isEnded = true;
      done?.();
    },
    sleep: async (ms, leastMs) => {
      const timers: Timer[] = [];
      isLeast = false;
      await new Promise<void>((resolve) => {
        done = resolve;
        timers.push(clock.after(ms, resolve));
        const least = (): void => {
          isLeast = true;
          if (isWoken) resolve();
        };
        timers.push(clock.after(Math.min(leastMs, ms), least));
        if (isEnded) resolve();
      });
      for (const timer of timers) timer.stop();
      isWoken = false;
      isLeast = false;
    },
  };
}
