import type { Chance } from "../../schemas/ground/index.ts";

/** How waits grow. */
export interface BackOffTerms {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before attempt number `attempt` (0 is the first): doubling up to the most, and spread by a
 * quarter both ways so that many that failed together do not come back together.
 */
export function backOffMs(
  { firstMs, mostMs }: BackOffTerms,
  attempt: number,
  chance: Chance,
): number {
  const base = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  const [dice = 0] = chance.bytes(1);
  return base * (0.75 + dice / 510);
}
