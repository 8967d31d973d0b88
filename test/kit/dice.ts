import { makeSeededChance } from "../../schemas/ground/index.ts";

/** A draw of whole numbers below a limit. */
export type Dice = (below: number) => number;

/** A draw that is the same for the same seed. */
export function makeDice(seed: string): Dice {
  const chance = makeSeededChance(seed);
  return (below) => {
    const [high = 0, low = 0] = chance.bytes(2);
    return (high * 256 + low) % below;
  };
}

/** One of them, as the dice fall. */
export function pick<T>(dice: Dice, all: readonly T[]): T {
  const one = all[dice(all.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}
