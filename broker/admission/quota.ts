import { limits } from "../../schemas/index.ts";
import type { Clock } from "../../schemas/ground/index.ts";

/** How much each agency may send: so many a second, and so many at once. */
export interface Quota {
  /** Takes one, or so many; false when the agency has to wait. */
  take(agency: string, amount?: number): boolean;
  /** Takes so many after the fact; what there is not of them is owed, up to one burst, and the agency waits the longer. */
  spend?(agency: string, amount: number): void;
  /** Milliseconds until so many can be taken, if nothing is taken before. */
  waitMs?(agency: string, amount: number): number;
}

/** A quota that can be given back what was taken for nothing. */
export interface ReturnableQuota extends Required<Quota> {
  giveBack(agency: string, amount: number): void;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Builds a token bucket for each agency, full at first. Origins come from the server, so they are few. */
export function makeQuota(
  clock: Clock,
  { perSecond, burst }: { perSecond: number; burst: number } = {
    perSecond: limits.quotaPerSecond,
    burst: limits.quotaBurst,
  },
): ReturnableQuota {
  const buckets = new Map<string, Bucket>();
  const fill = (agency: string): Bucket => {
    const now = clock.elapsed();
    const bucket = buckets.get(agency) ?? { tokens: burst, at: now };
    buckets.set(agency, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    return bucket;
  };
  return {
    take: (agency, amount = 1) => {
      const bucket = fill(agency);
      if (bucket.tokens < amount) return false;
      bucket.tokens -= amount;
      return true;
    },
    spend: (agency, amount) => {
      const bucket = fill(agency);
      bucket.tokens = Math.max(-burst, bucket.tokens - amount);
    },
    waitMs: (agency, amount) => {
      const missing = Math.min(amount, burst) - fill(agency).tokens;
      return missing <= 0 ? 0 : Math.ceil((missing * 1000) / perSecond);
    },
    giveBack: (agency, amount) => {
      const bucket = buckets.get(agency);
      if (bucket !== undefined) bucket.tokens = Math.min(burst, bucket.tokens + amount);
    },
  };
}
