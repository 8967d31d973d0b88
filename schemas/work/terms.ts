import type { Deadline, StateClocks } from "../gen/index.ts";
import type { EpochMs } from "../ground/index.ts";
import { addCounted, type Countable, lineAt, makeDuty, makeWorkingDays } from "./working-time.ts";

/** How long something may take. */
export type Term = "ACKNOWLEDGE" | "REPLY" | "FEEDBACK";

/** The deadlines that hold; they come of the register, so two sides that hold the same epoch reckon alike. */
export interface Terms {
  /**
   * When something is due of an agency that began at a moment; in its working days where the register says so. Undefined
   * where no deadline is set, as for a formal request that follows its treaty.
   */
  due(term: Term, at: { readonly urgency: string; readonly from: EpochMs; readonly agency: string }): EpochMs | undefined;
} // prettier-ignore

/** What of a register the terms are made of. */
export interface TermSource {
  readonly deadlines: readonly Deadline[];
  /** When a state works, by its authority. */
  clocks(authority: string): StateClocks | undefined;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Acknowledgement and reply by urgency: Directive (EU) 2023/977 art. 5, Egmont practice, and our own for the rest. */
const standing: Readonly<Record<string, readonly [number, number | undefined]>> = {
  FLASH: [30 * minute, 4 * hour],
  URGENT_DIRECT: [hour, 8 * hour],
  URGENT_INDIRECT: [hour, 3 * day],
  NORMAL: [day, 7 * day],
  ROUTINE: [3 * day, 14 * day],
  FIU_HELD: [2 * day, 7 * day],
  FIU_EXTERNAL: [2 * day, 30 * day],
  HIT_CORE: [2 * day, 2 * day],
  TRACE: [3 * day, 30 * day],
  MLA: [7 * day, undefined],
};
const feedbackMs = 30 * day;

function standingMs(term: Term, urgency: string): number | undefined {
  if (term === "FEEDBACK") return feedbackMs;
  const [acknowledge, reply] = standing[urgency] ?? [3 * day, 14 * day];
  return term === "ACKNOWLEDGE" ? acknowledge : reply;
}

/** The terms of a register that sets none of its own. */
export const standingTerms: Terms = {
  due: (term, { urgency, from }) => {
    const ms = standingMs(term, urgency);
    return ms === undefined ? undefined : from + ms;
  },
};

function lengthOf(line: Deadline | undefined, term: Term, urgency: string): number | undefined {
  const { acknowledgeMinutes, replyMinutes, feedbackMinutes } = line ?? {};
  const said = { ACKNOWLEDGE: acknowledgeMinutes, REPLY: replyMinutes, FEEDBACK: feedbackMinutes };
  const minutes = said[term];
  return minutes === undefined ? standingMs(term, urgency) : minutes * minute;
}

/**
 * No calendar and no roster puts a deadline off beyond twice its length and a fortnight: who is never on duty is late
 * all the same.
 */
function latestOf(from: EpochMs, ms: number): EpochMs {
  return from + 2 * ms + 14 * day;
}

const none: StateClocks = { workingWeeks: [], holidays: [], rosters: [] };

function authorityOf(agency: string): string {
  return agency.slice(0, Math.max(0, agency.indexOf("/")));
}

function clocksOf(source: TermSource, agency: string): StateClocks {
  return source.clocks(authorityOf(agency)) ?? none;
}

function findCountable(source: TermSource, counts: string | undefined, agency: string): Countable | undefined {
  if (counts === "WORKING_DAYS") return makeWorkingDays(clocksOf(source, agency));
  return counts === "ON_DUTY" ? makeDuty(clocksOf(source, agency), agency) : undefined;
} // prettier-ignore

/**
 * The terms of a register. The deadline in force when a clock began holds for it to its end, however the region changes it
 * later; the calendar and the roster of the one asked count as his state says them now.
 */
export function makeTerms(source: TermSource): Terms {
  const made = new Map<string, Countable | undefined>();
  const countableOf = (counts: string | undefined, agency: string): Countable | undefined => {
    const key = `${counts} ${agency}`;
    if (!made.has(key)) made.set(key, findCountable(source, counts, agency));
    return made.get(key);
  };
  const byUrgency = Map.groupBy(source.deadlines, ({ urgency }) => urgency);
  return {
    due: (term, { urgency, from, agency }) => {
      const line = lineAt(byUrgency.get(urgency) ?? [], from);
      const ms = lengthOf(line, term, urgency);
      if (ms === undefined) return undefined;
      const countable = countableOf(line?.counts, agency);
      if (countable === undefined) return from + ms;
      return addCounted(countable, { from, ms, latest: latestOf(from, ms) });
    },
  };
}

/** Whether somebody of an agency is on duty at a moment, by its roster. */
export function isOnDuty(source: TermSource, agency: string, at: EpochMs): boolean {
  return makeDuty(clocksOf(source, agency), agency)(at).doesCount;
}
