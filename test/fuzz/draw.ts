import { type Bytes, makeSeededChance } from "../../schemas/ground/index.ts";

/** Cheap numbers that depend on the seed alone. */
export interface Draw {
  /** A whole number from 0 to `end - 1`; 0 when there is none. */
  below(end: number): number;
  bytes(count: number): Bytes;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** One of a list that may be empty. */
  oneOf<T>(list: readonly T[]): T | undefined;
}

/** Builds a generator (xorshift128, Marsaglia 2003) whose state is made of the seed. */
export function makeDraw(seed: string): Draw {
  const state = Buffer.from(makeSeededChance(seed).bytes(16));
  let [x, y, z, w] = [0, 4, 8, 12].map((at) => state.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = (w ^ (w >>> 19) ^ (t ^ (t >>> 8))) >>> 0;
    return w;
  };
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * Math.max(1, end));
  return {
    below,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
    pick: (list) => list[below(list.length)] ?? list[0],
    oneOf: (list) => list[below(list.length)],
  };
}
