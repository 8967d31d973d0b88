import { type Clock, Fault } from "../../schemas/ground/index.ts";

/** How often a store may be tried. */
export interface Tries {
  /** @throws {Fault} QUOTA_EXCEEDED while the time after the last failure is not over */
  check(): void;
  failed(): void;
  succeeded(): void;
}

const firstMs = 1_000;
const mostMs = 300_000;
const mostDoublings = 12;

/** Builds the count of wrong tries: after each the next waits twice as long, up to five minutes. Nobody is shut out for good. */
export function makeTries(clock: Clock): Tries {
  let failures = 0;
  let openAt = Number.NEGATIVE_INFINITY;
  return {
    check: () => {
      const leftMs = openAt - clock.elapsed();
      if (leftMs <= 0) return;
      const seconds = Math.ceil(leftMs / 1_000);
      throw new Fault(
        "QUOTA_EXCEEDED",
        `that was wrong ${failures} times; try again in ${seconds} seconds`,
      );
    },
    failed: () => {
      const waitMs = Math.min(mostMs, firstMs * 2 ** Math.min(failures, mostDoublings));
      failures += 1;
      openAt = clock.elapsed() + waitMs;
    },
    succeeded: () => {
      failures = 0;
      openAt = Number.NEGATIVE_INFINITY;
    },
  };
}
