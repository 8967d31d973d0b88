/** How long receipts take over a line, learnt from those that came. */
export interface ReceiptTime {
  /** A receipt came so long after its publication was first sent; an outage between counts as a minute. */
  note(ms: number): void;
  /** So long a receipt may stay away before its publication goes again. */
  waitMs(): number;
}

/** Receipts come within a second on a good line; a hub that is busy takes some more. */
const leastMs = 5_000;
const mostMs = 60_000;
/** Waits are spread by a quarter, and the shortest of them is still longer than receipts take. */
const spare = 1.5;

/** As TCP reckons it: the smoothed time and four times its deviation. */
export function makeReceiptTime(): ReceiptTime {
  let smoothed: number | undefined;
  let deviation = 0;
  return {
    note: (took) => {
      const ms = Math.min(took, mostMs);
      if (smoothed === undefined) {
        smoothed = ms;
        deviation = ms / 2;
        return;
      }
      deviation += (Math.abs(ms - smoothed) - deviation) / 4;
      smoothed += (ms - smoothed) / 8;
    },
    waitMs: () => Math.min(mostMs, Math.max(leastMs, spare * (smoothed ?? 0) + 4 * deviation)),
  };
}
