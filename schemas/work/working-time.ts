import { parseInstant } from "../check/index.ts";
import type { DutyHours, StateClocks, WorkingWeek } from "../gen/index.ts";
import type { EpochMs } from "../ground/index.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** From Monday on, as ISO 8601 counts them; the first day of the epoch was the fourth. */
const weekdays = [
  "MONDAY",
  "TUESDAY",
  "WEDNESDAY",
  "THURSDAY",
  "FRIDAY",
  "SATURDAY",
  "SUNDAY",
] as const;
const epochWeekday = 3; // prettier-ignore

/** Whether a moment counts, and until when (exclusively) that stays so. */
export interface Span {
  readonly doesCount: boolean;
  readonly until: EpochMs;
}

/** A time that counts or does not, span by span. */
export type Countable = (at: EpochMs) => Span;

/** A day as the state has it. */
interface LocalDay {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly weekday: string;
  readonly isHoliday: boolean;
  readonly isOff: boolean;
}

interface Dated {
  readonly from: EpochMs;
  readonly until?: EpochMs | undefined;
}

function isInForce({ from, until }: Dated, at: EpochMs): boolean {
  return from <= at && (until === undefined || at < until);
}

/** The line in force at a moment; of several the one that began last, of those the last one written. */
export function lineAt<T extends Dated>(lines: readonly T[], at: EpochMs): T | undefined {
  let found: T | undefined;
  for (const line of lines) {
    if (isInForce(line, at) && (found === undefined || line.from >= found.from)) found = line;
  }
  return found;
}

/** When the next line begins or ends. */
function nextChange(lines: readonly Dated[], at: EpochMs): EpochMs {
  const moments = lines.flatMap(({ from, until }) =>
    until === undefined ? [from] : [from, until],
  );
  return Math.min(...moments.filter((moment) => moment > at));
}

/** Days by their number since the epoch. */
function numbersOf(days: readonly string[]): ReadonlySet<number> {
  return new Set(days.map((day) => (parseInstant(`${day}T00:00:00.000Z`) ?? Number.NaN) / dayMs));
}

function dayAt(weeks: readonly WorkingWeek[], holidays: ReadonlySet<number>, at: EpochMs): LocalDay {
  const { offsetMinutes = 0, daysOff = [] } = lineAt(weeks, at) ?? {};
  const offset = offsetMinutes * minuteMs;
  const number = Math.floor((at + offset) / dayMs);
  const start = number * dayMs - offset;
  const weekday = weekdays[(((number + epochWeekday) % 7) + 7) % 7] ?? "MONDAY";
  return {
    start,
    end: start + dayMs,
    weekday,
    isOff: daysOff.includes(weekday),
    isHoliday: holidays.has(number),
  };
} // prettier-ignore

/** The days on which a state works: neither days off nor holidays, by its own midnight. */
export function makeWorkingDays({ workingWeeks, holidays }: StateClocks): Countable {
  const closed = numbersOf(holidays);
  return (at) => {
    const { end, isOff, isHoliday } = dayAt(workingWeeks, closed, at);
    const until = Math.min(end, nextChange(workingWeeks, at));
    return { doesCount: !isOff && !isHoliday, until };
  };
}

/** The moments of a day at which a line of a roster begins and ends to count. */
function hoursOn({ start, weekday, isHoliday }: LocalDay, { days, fromMinute, untilMinute, isHolidaysToo = false }: DutyHours): readonly [EpochMs, EpochMs] | undefined {
  const isToday = days.length === 0 || days.includes(weekday);
  if (!isToday || (isHoliday && !isHolidaysToo) || untilMinute <= fromMinute) return undefined;
  return [start + fromMinute * minuteMs, start + untilMinute * minuteMs];
} // prettier-ignore

/** While somebody of an agency is on duty. Who has no roster at a moment is on duty then: nobody gains by having none. */
export function makeDuty({ workingWeeks, holidays, rosters }: StateClocks, agency: string): Countable {
  const closed = numbersOf(holidays);
  const own = rosters.filter((line) => line.agency === agency);
  return (at) => {
    const day = dayAt(workingWeeks, closed, at);
    const held = own.filter((line) => isInForce(line, at));
    const hours = held.map((line) => hoursOn(day, line)).filter((one) => one !== undefined);
    const edges = hours.flat().filter((moment) => moment > at);
    const until = Math.min(day.end, nextChange(workingWeeks, at), nextChange(own, at), ...edges);
    const isOn = hours.some(([from, to]) => from <= at && at < to);
    return { doesCount: held.length === 0 || isOn, until };
  };
} // prettier-ignore

/** The first moment at which so much counted time has gone by; `latest` where that is earlier. */
export function addCounted(countable: Countable, { from, ms, latest }: { readonly from: EpochMs; readonly ms: number; readonly latest: EpochMs }): EpochMs {
  let [at, left] = [from, ms];
  while (left > 0 && at < latest) {
    const { doesCount, until } = countable(at);
    if (doesCount && left <= until - at) return Math.min(latest, at + left);
    if (doesCount) left -= until - at;
    at = until;
  }
  return Math.min(latest, at);
} // prettier-ignore
