import { createHash, randomBytes } from "node:crypto";

import type { Bytes } from "./bytes.ts";

/** The only source of randomness. Production uses the machine's; tests use a seeded one. */
export interface Chance {
  /** `count` bytes; unpredictable in production. */
  bytes(count: number): Bytes;
}

/** The operating system's generator. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };

/** Builds a generator that gives the same bytes for the same seed. For tests only: it is predictable. */
export function makeSeededChance(seed: string): Chance {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return {
    bytes: (count) => {
      while (pool.length < count) {
        const block = createHash("sha256").update(`${seed}/${counter}`).digest();
        counter += 1;
        pool = Buffer.concat([pool, block]);
      }
      const taken = pool.subarray(0, count);
      pool = pool.subarray(count);
      return Buffer.from(taken);
    },
  };
}
