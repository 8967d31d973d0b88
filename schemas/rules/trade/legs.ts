import type { Leg } from "../../gen/index.ts";
import type { EpochMs } from "../../ground/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** The latest moment at which something known arrives on its route. */
export function lastArrival(legs: readonly Leg[]): EpochMs | undefined {
  const arrivals = legs.flatMap(({ arrives }) => arrives ?? []);
  return arrivals.length === 0 ? undefined : Math.max(...arrivals);
}

/** Nothing arrives before it departs, nor departs on a leg before it departed on the one before. */
export const legsInOrder: Rule<BodyContext<{ readonly legs: readonly Leg[] }>> = {
  code: "RULE_LEG_REVERSED",
  says: "arrives is before departs, or the legs are not in the order of travel; correct the times or the order",
  find: ({ body: { legs } }) => {
    let before = Number.NEGATIVE_INFINITY;
    return legs.flatMap(({ departs, arrives }, at) => {
      const start = departs ?? before;
      const isReversed = start < before || (arrives !== undefined && arrives < start);
      before = Math.max(before, start);
      return isReversed ? [`/legs/${at}`] : [];
    });
  },
};
