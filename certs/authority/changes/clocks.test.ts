import { describe, expect, it } from "vitest";

import { bareRegion, bareState } from "../../../test/kit/repository.ts";
import { isFault } from "../../../schemas/ground/index.ts";
import type { Deadline, StateClocks } from "../../../schemas/index.ts";
import { checkDeadlines, checkStateClocks } from "./clocks.ts";

function codeOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : "?";
  }
  return "taken";
}

const flash = { urgency: "FLASH", acknowledgeMinutes: 30, counts: "ON_DUTY", from: 0, until: 100 };
const deadlines = (...lines: readonly Deadline[]): string =>
  codeOf(() => checkDeadlines({ ...bareRegion, clocks: { deadlines: lines } }));

const week = { offsetMinutes: 60, daysOff: [], from: 0, until: 100 };
const duty = { agency: "gh/tcu", days: [], fromMinute: 480, untilMinute: 1020, from: 0 };
const state = (clocks: Partial<StateClocks>): string =>
  codeOf(() =>
    checkStateClocks({
      ...bareState("gh"),
      clocks: { workingWeeks: [], holidays: [], rosters: [], ...clocks },
    }),
  );

describe("deadlines and working time that are proposed", () => {
  it("follow each other, and never hold at the same time for one urgency", () => {
    expect(deadlines(flash, { ...flash, from: 100, until: undefined })).toBe("taken");
    expect(deadlines(flash, { ...flash, urgency: "ROUTINE" })).toBe("taken");
    expect(deadlines(flash, { ...flash, from: 99, until: undefined })).toBe("CHANGE_INVALID");
    expect(deadlines({ ...flash, until: 0 })).toBe("CHANGE_INVALID");
  });

  it("give a state one time at a time", () => {
    expect(state({ workingWeeks: [week, { ...week, offsetMinutes: 0, from: 100, until: undefined }] })).toBe("taken");
    expect(state({ workingWeeks: [week, { ...week, offsetMinutes: 0, from: 50 }] })).toBe("CHANGE_INVALID");
  });

  it("name agencies of the state itself, with hours that begin before they end", () => {
    expect(state({ rosters: [duty, { ...duty, days: ["SUNDAY"] }] })).toBe("taken");
    expect(state({ rosters: [{ ...duty, agency: "ng/tcu" }] })).toBe("CHANGE_INVALID");
    expect(state({ rosters: [{ ...duty, fromMinute: 1080, untilMinute: 360 }] })).toBe("CHANGE_INVALID");
  });
}); // prettier-ignore
