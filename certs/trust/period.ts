import type { EpochMs } from "../../schemas/ground/index.ts";

/** Whether a dated line of the register counts at `at`: from its start, until just before its end. */
export function isInForce(
  { from, until }: { readonly from: EpochMs; readonly until?: EpochMs | undefined },
  at: EpochMs,
): boolean {
  return from <= at && (until === undefined || at < until);
}
