/* oxlint-disable no-restricted-globals -- calendar arithmetic; no clock is read */
import type { Bodies } from "../../schemas/gen/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";

type Person = Bodies["suspect.handover"]["persons"][number];
type Profile = Bodies["som.movement"]["smuggled"][number];

const adults = /^(?:ADULT|AGE_(?:18|21|24|27|30|39|48)_)/;
const minors = /^(?:MINOR|AGE_(?:0|9)_)/;

/** Children and adults; the finer bands would leave hardly a figure that may be told. */
export function foldAge(band: string | undefined): string | undefined {
  if (band === undefined) return undefined;
  if (adults.test(band)) return "ADULT";
  return minors.test(band) ? "MINOR" : undefined;
}

/** By dimension, what something is counted under; what is not known is left out. */
export type Under = Readonly<Record<string, string>>;

/** What is known of something, without what is not. */
export function underOf(all: Readonly<Record<string, string | undefined>>): Under {
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined || value === "UNKNOWN" ? [] : [[name, value]])));
} // prettier-ignore

/** What is known of those whom a profile stands for. */
export function underProfile({ sex, ageBand, nationality: citizenship }: Profile): Under {
  return underOf({ sex, ageBand: foldAge(ageBand), citizenship });
}

const grown = 18;

/** Grown or not on a day, where what is known of somebody's birth says it for certain. */
export function ageOn({ minor, birth }: Person, moment: EpochMs): string | undefined {
  if (minor !== undefined) return minor ? "MINOR" : "ADULT";
  if (birth?.year === undefined || birth.approximate === true) return undefined;
  const day = new Date(moment);
  const years = day.getUTCFullYear() - birth.year;
  if (years !== grown) return years > grown ? "ADULT" : "MINOR";
  if (birth.month === undefined || birth.day === undefined) return undefined;
  const isPast = [day.getUTCMonth() + 1 - birth.month, day.getUTCDate() - birth.day].find((one) => one !== 0) ?? 0;
  return isPast >= 0 ? "ADULT" : "MINOR";
} // prettier-ignore
