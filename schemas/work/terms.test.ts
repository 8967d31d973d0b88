import { describe, expect, it } from "vitest";

import { makeDice, pick } from "../../test/kit/dice.ts";
import type { StateClocks } from "../gen/index.ts";
import { isOnDuty, makeTerms, standingTerms, type TermSource } from "./terms.ts";
import { addCounted, type Countable, makeDuty, makeWorkingDays } from "./working-time.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A Monday. */
const start = Date.UTC(2026, 10, 2);
const week = (offsetMinutes: number, daysOff: readonly string[], [from, until]: readonly (number | undefined)[] = [0]) => ({ offsetMinutes, daysOff, from: from ?? 0, until }); // prettier-ignore
const weekend = ["SATURDAY", "SUNDAY"];
const duty = (more: object = {}) => ({
  agency: "sn/tcu",
  days: [],
  fromMinute: 8 * 60,
  untilMinute: 17 * 60,
  from: 0,
  ...more,
});

function sourceOf(
  clocks: Partial<StateClocks>,
  deadlines: TermSource["deadlines"] = [],
): TermSource {
  const all = { workingWeeks: [], holidays: [], rosters: [], ...clocks };
  return { deadlines, clocks: (authority) => (authority === "sn" ? all : undefined) };
}

const line = (urgency: string, counts: string, more: object = {}) => ({
  urgency,
  counts,
  acknowledgeMinutes: 60,
  replyMinutes: 2 * 1440,
  from: 0,
  ...more,
});
const at = (from: number, urgency = "NORMAL", agency = "sn/tcu") => ({ urgency, from, agency });

describe("deadlines of the register", () => {
  it("are the built-in ones where the register sets none", () => {
    const terms = makeTerms(sourceOf({}));
    for (const urgency of ["FLASH", "NORMAL", "MLA", "?"]) {
      for (const term of ["ACKNOWLEDGE", "REPLY", "FEEDBACK"] as const) {
        expect(terms.due(term, at(start, urgency))).toBe(standingTerms.due(term, at(start, urgency)));
      }
    }
  });

  it("count working days of the one asked: neither days off nor holidays, by his own midnight", () => {
    const clocks = { workingWeeks: [week(60, weekend)], holidays: ["2026-11-09"] };
    const { due } = makeTerms(sourceOf(clocks, [line("NORMAL", "WORKING_DAYS")]));
    // Friday noon and two working days: the weekend and Monday do not count
    expect(due("REPLY", at(start + 4 * day + 12 * hour))).toBe(start + 9 * day + 12 * hour);
    // half past eleven on Friday night by UTC is Saturday there
    expect(due("REPLY", at(start + 4 * day + 23.5 * hour))).toBe(start + 9 * day + 23 * hour);
    // another state's calendar does not count for it
    expect(due("REPLY", at(start + 4 * day + 12 * hour, "NORMAL", "gh/tcu"))).toBe(start + 6 * day + 12 * hour);
  });

  it("count the roster for what is urgent: at night nobody is late who is not on duty", () => {
    const { due } = makeTerms(sourceOf({ rosters: [duty()] }, [line("FLASH", "ON_DUTY")]));
    expect(due("ACKNOWLEDGE", at(start + 16.5 * hour, "FLASH"))).toBe(start + day + 8.5 * hour);
    expect(due("ACKNOWLEDGE", at(start + 9 * hour, "FLASH"))).toBe(start + 10 * hour);
    // round the clock: a night is two lines, and without any line somebody is always on duty
    const nights = [duty({ fromMinute: 0, untilMinute: 480, isHolidaysToo: true }), duty(), duty({ fromMinute: 1020, untilMinute: 1440 })];
    const always = makeTerms(sourceOf({ rosters: nights }, [line("FLASH", "ON_DUTY")]));
    expect(always.due("ACKNOWLEDGE", at(start + 16.5 * hour, "FLASH"))).toBe(start + 17.5 * hour);
    expect(due("ACKNOWLEDGE", at(start + 23 * hour, "FLASH", "sn/fiu"))).toBe(start + day);
  });

  it("a state that changes its clocks says so beforehand, and hours go by the time of the day", () => {
    const change = start + 2 * day;
    const clocks = { workingWeeks: [week(120, [], [0, change]), week(180, [], [change])], rosters: [duty()] };
    const source = sourceOf(clocks);
    expect(isOnDuty(source, "sn/tcu", start + 5.5 * hour)).toBe(false);
    expect(isOnDuty(source, "sn/tcu", start + 6 * hour)).toBe(true);
    expect(isOnDuty(source, "sn/tcu", change + 5.5 * hour)).toBe(true);
    expect(isOnDuty(source, "sn/tcu", change + 15 * hour)).toBe(false);
  });

  it("the deadline in force when a clock began holds for it, whatever the region sets later", () => {
    const before = line("NORMAL", "EVERY_HOUR", { until: start + day });
    const after = line("NORMAL", "EVERY_HOUR", { replyMinutes: 60, from: start + day });
    const now = makeTerms(sourceOf({}, [before]));
    const later = makeTerms(sourceOf({}, [before, after]));
    for (const terms of [now, later]) expect(terms.due("REPLY", at(start + day - 1))).toBe(start + 3 * day - 1);
    expect(later.due("REPLY", at(start + day))).toBe(start + day + hour);
  });

  it("no calendar puts a deadline off for ever: at most twice its length and a fortnight", () => {
    const year = Array.from({ length: 120 }, (_, i) => new Date(start + i * day).toISOString().slice(0, 10));
    const { due } = makeTerms(sourceOf({ holidays: year }, [line("NORMAL", "WORKING_DAYS")]));
    expect(due("REPLY", at(start))).toBe(start + 4 * day + 14 * day);
    const never = makeTerms(sourceOf({ rosters: [duty({ fromMinute: 5, untilMinute: 5 })] }, [line("FLASH", "ON_DUTY")]));
    expect(never.due("ACKNOWLEDGE", at(start, "FLASH"))).toBe(start + 2 * hour + 14 * day);
  });

  it("a formal request without a reply deadline has one only where the region sets it", () => {
    const { due } = makeTerms(sourceOf({}, [line("MLA", "EVERY_HOUR", { replyMinutes: undefined })]));
    expect(due("REPLY", at(start, "MLA"))).toBeUndefined();
    expect(makeTerms(sourceOf({}, [line("MLA", "EVERY_HOUR")])).due("REPLY", at(start, "MLA"))).toBe(start + 2 * day);
  });
}); // prettier-ignore

const weekdays = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

/** As a person would: half hour by half hour, asking of each whether it counts. */
function countsAt({ workingWeeks, holidays, rosters }: StateClocks, kind: string, moment: number): boolean {
  const held = workingWeeks.find(({ from, until = Infinity }) => from <= moment && moment < until);
  const local = new Date(moment + (held?.offsetMinutes ?? 0) * minute);
  const weekday = weekdays[local.getUTCDay()]!;
  const isHoliday = holidays.includes(local.toISOString().slice(0, 10));
  if (kind === "days") return !isHoliday && held?.daysOff.includes(weekday) !== true;
  const now = local.getUTCHours() * 60 + local.getUTCMinutes();
  return rosters.some(({ days, fromMinute, untilMinute, isHolidaysToo }) =>
    (days.length === 0 || days.includes(weekday)) && (!isHoliday || isHolidaysToo === true) && fromMinute <= now && now < untilMinute);
} // prettier-ignore

function drawClocks(seed: string): StateClocks {
  const dice = makeDice(seed);
  const half = 30 * minute;
  const change = start + dice(40) * 12 * hour + dice(4) * half;
  const days = (): string[] => weekdays.filter(() => dice(3) === 0).slice(0, 5);
  const offset = (): number => (dice(30) - 14) * 30;
  return {
    workingWeeks: [week(offset(), days(), [0, change]), week(offset(), days(), [change])],
    holidays: Array.from({ length: dice(8) }, () => new Date(start + dice(30) * day).toISOString().slice(0, 10)),
    rosters: Array.from({ length: 1 + dice(3) }, () => {
      const from = dice(47) * 30;
      return duty({ days: days(), fromMinute: from, untilMinute: from + 30 * (1 + dice(48 - from / 30)), isHolidaysToo: dice(2) === 0 });
    }),
  };
} // prettier-ignore

describe("counted time", () => {
  it("is what a walk from half hour to half hour finds, and what begins later is never due earlier", () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const dice = makeDice(`walk ${seed}`);
      const clocks = drawClocks(`clocks ${seed}`);
      const kind = pick(dice, ["days", "duty"]);
      const countable: Countable =
        kind === "days" ? makeWorkingDays(clocks) : makeDuty(clocks, "sn/tcu");
      const step = 30 * minute;
      const ms = (1 + dice(120)) * step;
      const from = start + dice(20 * 48) * step;
      const latest = from + 30 * day;
      let [moment, left] = [from, ms];
      for (; left > 0 && moment < latest; moment += step)
        if (countsAt(clocks, kind, moment)) left -= step;
      const due = addCounted(countable, { from, ms, latest });
      expect(due, `seed ${seed}`).toBe(moment);
      const later = addCounted(countable, {
        from: from + dice(2000) * minute,
        ms,
        latest: latest + 2000 * minute,
      });
      expect(later).toBeGreaterThanOrEqual(due);
      expect(addCounted(countable, { from, ms: ms + step, latest })).toBeGreaterThanOrEqual(due);
    }
  });
});
