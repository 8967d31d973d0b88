import type { Chance } from "../../schemas/ground/index.ts";

/** How waits grow. */
export interface BackOffTerms {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** A number from 0 to 1, both included. */
function draw(chance: Chance): number {
  const [high = 0, low = 0] = chance.bytes(2);
  return (high * 256 + low) / 65_535;
}

/** `ms`, spread by a quarter both ways, so that many that began together do not go on together. */
export function scatterMs(ms: number, chance: Chance): number {
  return ms * (0.75 + draw(chance) / 2);
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
  return scatterMs(Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20)), chance);
}

/** Hundreds of gateways lose a hub in the same instant: they come back over this time. */
const spreadMs = 3_000;
const failedTerms: BackOffTerms = { firstMs: 500, mostMs: 20_000 };
/** A hub that is reached, and lost at once, is no hub that is not reached: it is tried often, yet never in a rush. */
const brokenTerms: BackOffTerms = { firstMs: 1_000, mostMs: 4_000 };

/** What came before a dial. */
export interface DialsBefore {
  /** Dials that failed since a connection last stood. */
  readonly failed: number;
  /** Connections that broke soon after they stood, one after another. */
  readonly broken: number;
}

/** How long to wait before the hub is dialled again. */
export function redialMs({ failed, broken }: DialsBefore, chance: Chance): number {
  if (failed > 0) return backOffMs(failedTerms, failed - 1, chance);
  if (broken > 0) return backOffMs(brokenTerms, broken - 1, chance);
  return 100 + draw(chance) * spreadMs;
}
