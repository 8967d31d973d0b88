import type {
  Deadline,
  DutyHours,
  RegionalPart,
  StateClocks,
  StatePart,
  WorkingWeek,
} from "../../../schemas/index.ts";
import { compare, periodOf } from "./compare.ts";
import { remark, type Remark, type Value } from "./sentences.ts";

const hour = 60;
const day = 24 * hour;

function lengthOf(minutes: number | undefined): Remark {
  if (minutes === undefined) return remark("TERM_BUILT_IN");
  if (minutes % day === 0) return remark("TERM_DAYS", { count: minutes / day });
  if (minutes % hour === 0) return remark("TERM_HOURS", { count: minutes / hour });
  return remark("TERM_MINUTES", { count: minutes });
}

function describeDeadline(line: Deadline): Remark {
  return remark("DEADLINE_ADDED", {
    urgency: line.urgency,
    acknowledge: lengthOf(line.acknowledgeMinutes),
    reply: lengthOf(line.replyMinutes),
    feedback: lengthOf(line.feedbackMinutes),
    counts: { list: "CLOCK_COUNT", code: line.counts },
    period: periodOf(line),
  });
}

/** What a change of the region's deadlines says, line by line. */
export function describeDeadlines(before: RegionalPart | undefined, after: Pick<RegionalPart, "clocks">): readonly Remark[] {
  const { added, removed } = compare(before?.clocks?.deadlines, after.clocks?.deadlines);
  return [
    ...removed.map((line) => remark("DEADLINE_REMOVED", { urgency: line.urgency, period: periodOf(line) })),
    ...added.map(describeDeadline),
  ];
} // prettier-ignore

function timeOf(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / hour), minutes % hour];
  return `${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

function offsetOf({ offsetMinutes }: WorkingWeek): string {
  return `${offsetMinutes < 0 ? "-" : "+"}${timeOf(Math.abs(offsetMinutes))}`;
}

function daysOf(days: readonly string[], none: string): Value {
  return days.length === 0 ? remark(none) : days.map((code) => ({ list: "WEEKDAY", code }));
}

function describeRoster(key: string, line: DutyHours): Remark {
  const { agency, days, fromMinute, untilMinute, isHolidaysToo = false } = line;
  return remark(key, {
    agency,
    days: daysOf(days, "EVERY_DAY"),
    hours: `${timeOf(fromMinute)}–${timeOf(untilMinute)}`,
    holidays: remark(isHolidaysToo ? "HOLIDAYS_TOO" : "NOT_ON_HOLIDAYS"),
    period: periodOf(line),
  });
}

function describeHolidays(authority: string, before: StateClocks | undefined, after: StateClocks | undefined): readonly Remark[] {
  const { added, removed } = compare(before?.holidays, after?.holidays);
  return [
    ...(removed.length === 0 ? [] : [remark("HOLIDAYS_REMOVED", { authority, days: removed })]),
    ...(added.length === 0 ? [] : [remark("HOLIDAYS_ADDED", { authority, days: added })]),
  ];
} // prettier-ignore

/** What a change of a state's working time and of its rosters says, line by line. */
export function describeStateClocks(before: StatePart | undefined, { authority, clocks: after }: Pick<StatePart, "authority" | "clocks">): readonly Remark[] {
  const old = before?.clocks;
  const weeks = compare(old?.workingWeeks, after?.workingWeeks);
  const rosters = compare(old?.rosters, after?.rosters);
  const about = (week: WorkingWeek): Remark["values"] => ({ authority, offset: offsetOf(week), period: periodOf(week) });
  return [
    ...weeks.removed.map((week) => remark("WEEK_REMOVED", about(week))),
    ...weeks.added.map((week) => remark("WEEK_ADDED", { ...about(week), days: daysOf(week.daysOff, "NO_DAY") })),
    ...describeHolidays(authority, old, after),
    ...rosters.removed.map((line) => describeRoster("ROSTER_REMOVED", line)),
    ...rosters.added.map((line) => describeRoster("ROSTER_ADDED", line)),
  ];
} // prettier-ignore
