import { type Clock, Fault } from "../../schemas/ground/index.ts";

/** How much is let through of one kind. */
export interface Allowance {
  /** At once, after a rest. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Counts per name; one name's storm takes nothing from another. */
export interface Limiter {
  /** @throws {Fault} TOO_MANY_TRIES, with the seconds to wait */
  take(name: string): void;
}

interface Bucket {
  left: number;
  at: number;
}

/** Names remembered at once; the longest unseen goes first, and by then its bucket is full again or it asks for nothing. */
const maxNames = 10_000;

function fill(bucket: Bucket, { burst, perSecond }: Allowance, now: number): void {
  bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1_000) * perSecond);
  bucket.at = now;
}

/** Builds a limiter; what it counts lives in memory and a restart forgets it. */
export function makeLimiter(allowance: Allowance, clock: Clock): Limiter {
  const buckets = new Map<string, Bucket>();
  return {
    take: (name) => {
      const now = clock.elapsed();
      const bucket = buckets.get(name) ?? { left: allowance.burst, at: now };
      fill(bucket, allowance, now);
      buckets.delete(name);
      buckets.set(name, bucket);
      if (buckets.size > maxNames) {
        const [first] = buckets.keys();
        if (first !== undefined) buckets.delete(first);
      }
      if (bucket.left < 1) {
        const wait = Math.ceil((1 - bucket.left) / allowance.perSecond);
        throw new Fault("TOO_MANY_TRIES", `try again in ${wait} seconds`, {
          retryAfterSeconds: wait,
        });
      }
      bucket.left -= 1;
    },
  };
}

/** The name of an address: of IPv6 the /64, which one household or machine has whole. */
export function addressName(address: string): string {
  if (!address.includes(":")) return address;
  const plain = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (plain !== undefined) return plain;
  const [head = "", tail] = address.toLowerCase().slice(0, 64).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array.from({ length: gap }, () => "0"), ...right];
  return `${all.slice(0, 4).join(":")}::/64`;
} // prettier-ignore
