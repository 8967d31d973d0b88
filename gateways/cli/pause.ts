import type { Clock } from "../../schemas/ground/index.ts";

/** What a pause hangs on. */
export interface Pausing {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Resolves after `ms`, or at once when the person wants to stop. */
export function pause(ms: number, { clock, signal }: Pausing): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.stop();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
