import { makeSeededChance } from "../../schemas/ground/index.ts";
import { type PartName, partNames, type RegionProcess } from "../kit/region-process.ts";

/** What can be struck: a part that `npm start` runs, the hub's whole store, or the command that imports. */
export type Target = PartName | "store" | "import";

/** One blow. */
export interface Strike {
  readonly target: Target;
  /** Share of all deliveries to regional centres at which it falls, 0 to 1. */
  readonly at: number;
}

/** Spreads blows evenly over an import, in this order; those of one list fall together. */
export function spreadStrikes(moments: readonly (readonly Target[])[]): readonly Strike[] {
  return moments.flatMap((targets, i) =>
    targets.map((target) => ({ target, at: (i + 1) / (moments.length + 2) })),
  );
}

/** Blows by chance, the same for the same seed: 3 to 10, anything, at any moment, sometimes at the same. */
export function planStrikes(seed: string): readonly Strike[] {
  const chance = makeSeededChance(seed);
  const dice = (sides: number): number => (chance.bytes(1)[0] ?? 0) % sides;
  const targets: readonly Target[] = [...partNames, ...partNames, "store", "import"];
  const strikes = Array.from({ length: 3 + dice(8) }, () => ({
    target: targets[dice(targets.length)] ?? "broker",
    at: dice(19) / 20,
  }));
  return strikes.toSorted((a, b) => a.at - b.at);
}

/** Strikes anything but the import. */
export async function strike(region: RegionProcess, target: PartName | "store"): Promise<void> {
  if (target === "store") await region.wipeHub();
  else await region.kill(target);
}
