import { createHash, randomBytes } from "node:crypto";

import type { Bytes } from "./bytes.ts";

/** The only source of randomness. Production uses the machine's; tests use a seeded one. */
export interface Chance {
  /** `count` bytes; unpredictable in production. */
  bytes(count: number): Bytes;
}

/** The operating system's generator. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };

/** Of one SHA-256. */
const blockBytes = 32;

/** Builds a generator that gives the same bytes for the same seed. For tests only: it is predictable. */
export function makeSeededChance(seed: string): Chance {
  let counter = 0;
  let left: Bytes = Buffer.alloc(0);
  const nextBlock = (): Bytes => {
    const block = createHash("sha256").update(`${seed}/${counter}`).digest();
    counter += 1;
    return block;
  };
  return {
    bytes: (count) => {
      const missing = Math.max(0, Math.ceil((count - left.length) / blockBytes));
      // joined once: joining block by block would copy all that is there for each of them
      const pool = Buffer.concat([left, ...Array.from({ length: missing }, nextBlock)]);
      // both copies, so that neither the caller nor a small rest holds a large pool
      left = Buffer.from(pool.subarray(count));
      return Buffer.from(pool.subarray(0, count));
    },
  };
}
