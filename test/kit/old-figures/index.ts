/**
 * How figures were counted at first: everything at hand at once, which is plain to read and takes memory and time. What counts
 * while it reads is held against it; nothing but tests uses it.
 */
import type { MessageType } from "../../../schemas/index.ts";
import { type Period, periodAt, type PeriodLength } from "../../../gateways/statistics/period.ts";
import type { Store } from "../../../gateways/store/index.ts";
import { countCrime } from "./count-crime.ts";
import { countTip } from "./count-tip.ts";
import { type Figure, makeFigures, type TableType } from "./figures.ts";
import { loadSources } from "./sources.ts";

/** One table of one time. */
export interface OldTable {
  readonly type: TableType;
  readonly period: string;
  readonly figures: readonly Figure[];
  readonly messages: number;
}

const reads: Readonly<Record<TableType, readonly MessageType[]>> = {
  "tip.statistics": ["tip.case", "tip.victim", "tip.perpetrator", "tip.referral"],
  "statistics.crime": ["alert.incident", "alert.update", "seizure.report", "suspect.handover", "som.movement", "outcome.judicial", "request.information", "core_data.request", "firearm.trace_request", "asset.trace_request", "mla.request"],
}; // prettier-ignore

/** Every table of this time and the three before it that has a figure. */
export function countOldWay(store: Store, agency: string, { now, length }: { readonly now: number; readonly length: PeriodLength }): readonly OldTable[] {
  const periods: readonly Period[] = [0, 1, 2, 3].map((before) => periodAt(length, now, before));
  return (["tip.statistics", "statistics.crime"] as const).flatMap((type) => {
    const sources = loadSources({ store, now }, reads[type]);
    const facts = type === "tip.statistics" ? countTip(sources, agency) : countCrime(sources, agency);
    return periods.flatMap((period): readonly OldTable[] => {
      const own = facts.filter(({ at }) => at >= period.from && at < period.until);
      const figures = makeFigures(type, own, period);
      const messages = new Set(own.flatMap((one) => one.messages)).size;
      return figures.length === 0 ? [] : [{ type, period: period.name, figures, messages }];
    });
  });
} // prettier-ignore
