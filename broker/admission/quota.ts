import { limits } from "../../schemas/index.ts";
import type { Clock } from "../../schemas/ground/index.ts";

/** How much each agency may send: so many a second, and so many at once. */
export interface Quota {
  /** Takes one; false when the agency has to wait. */
  take(agency: string): boolean;
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
): Quota {
  const buckets = new Map<string, Bucket>();
  return {
    take: (agency) => {
      const now = clock.elapsed();
      const bucket = buckets.get(agency) ?? { tokens: burst, at: now };
      buckets.set(agency, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
      bucket.at = now;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
