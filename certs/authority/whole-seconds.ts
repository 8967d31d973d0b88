import type { EpochMs } from "../../schemas/ground/index.ts";

/** A moment in whole seconds, as certificates spell time. */
export function wholeSeconds(moment: EpochMs): EpochMs {
  return Math.floor(moment / 1000) * 1000;
}
