/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A running timer; `stop` is safe to call twice. */
export interface Timer {
  stop(): void;
}

/**
 * The only source of time. `now` may jump when the machine's clock is set; `elapsed` never goes
 * backwards and is what time-outs are measured with.
 */
export interface Clock {
  /** Wall time, for anything that is written down or compared with a signed time. */
  now(): EpochMs;
  /** Milliseconds since some fixed moment, monotonic. */
  elapsed(): number;
  /** Calls `act` once after `afterMs`. Does not keep the process alive. */
  after(afterMs: number, act: () => void): Timer;
  /** Calls `act` every `everyMs`, first after one interval. Does not keep the process alive. */
  every(everyMs: number, act: () => void): Timer;
  /** Resolves after `ms`. Does not keep the process alive. */
  sleep(ms: number): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (afterMs, act) => {
    const timer = setTimeout(act, afterMs);
    timer.unref();
    return { stop: () => clearTimeout(timer) };
  },
  every: (everyMs, act) => {
    const timer = setInterval(act, everyMs);
    timer.unref();
    return { stop: () => clearInterval(timer) };
  },
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
};

/** Builds a clock that is `offset()` milliseconds ahead of the machine's; timers keep their pace. */
export function makeShiftedClock(offset: () => number): Clock {
  return { ...systemClock, now: () => Date.now() + offset() };
}
