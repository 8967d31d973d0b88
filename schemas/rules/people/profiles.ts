import type { PersonProfile } from "../../gen/index.ts";

const minorBands = new Set(["AGE_0_8", "AGE_9_17", "MINOR"]);

/** Whether every age of a band is below 18 years; a band that is not known is not. */
export function isMinorBand(ageBand: string | undefined): boolean {
  return ageBand !== undefined && minorBands.has(ageBand);
}

/** How many people the profiles count; a profile without count is one person. */
export function countProfiles(profiles: readonly PersonProfile[]): number {
  return profiles.reduce((sum, { count }) => sum + (count ?? 1), 0);
}
