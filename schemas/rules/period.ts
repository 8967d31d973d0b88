import type { EpochMs } from "../ground/index.ts";

/** Whether both ends of a period are known and the end comes before the beginning. */
export function isReversed(from: EpochMs | undefined, until: EpochMs | undefined): boolean {
  return from !== undefined && until !== undefined && until < from;
}
