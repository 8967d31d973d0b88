/* oxlint-disable no-restricted-globals -- calendar arithmetic; no clock is read */
import type { EpochMs } from "../../schemas/ground/index.ts";

/** How long a time is that figures are told of. One gateway has one: of times that overlap the difference could be told. */
export const periodLengths = ["MONTH", "QUARTER", "HALF_YEAR", "YEAR"] as const;

/** One of `periodLengths`. */
export type PeriodLength = (typeof periodLengths)[number];

/** A time that figures are told of. */
export interface Period {
  /** Such as 2026-Q1. */
  readonly name: string;
  readonly from: EpochMs;
  /** The first moment after it. */
  readonly until: EpochMs;
}

const months: Readonly<Record<PeriodLength, number>> = { MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12 }; // prettier-ignore

function nameOf(length: PeriodLength, year: number, at: number): string {
  if (length === "YEAR") return String(year);
  if (length === "MONTH") return `${year}-${String(at + 1).padStart(2, "0")}`;
  return `${year}-${length === "QUARTER" ? "Q" : "H"}${at + 1}`;
}

/** The time in which a moment lies, or one so many before it; times begin at midnight in UTC. */
export function periodAt(length: PeriodLength, moment: EpochMs, before = 0): Period {
  const step = months[length];
  const date = new Date(moment);
  const place = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / step) - before;
  const first = place * step;
  const year = Math.floor(first / 12);
  return {
    name: nameOf(length, year, (first - year * 12) / step),
    from: Date.UTC(year, first - year * 12),
    until: Date.UTC(year, first - year * 12 + step),
  };
}
