import { describe, expect, it } from "vitest";

import { idOf, type Line, tellCourse } from "../../../test/kit/course.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, hourMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";

const times = { replyBy: storyTime(24 * 30), heldUntil: storyTime(24 * 20) };
const asked: Line = ["A", "assurance.request", times];
const all = ["DEATH_PENALTY", "FAIR_TRIAL", "CONSULAR_ACCESS"];
const part: Line = ["B", "assurance.given"];
const whole: Line = ["B", "assurance.given", { decision: "GIVEN", assurances: all }];
const no: Line = ["B", "assurance.given", { decision: "REFUSED", assurances: [] }];
const breach = (of: number): Line => [
  "A",
  "assurance.breached",
  (said) => ({ assuranceId: idOf(said, of), replyBy: storyTime(500) }),
];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([asked, ...lines]), "ASSURANCE");
  return [lane.state, reasonsOf(lane)];
}

describe("an assurance", () => {
  it("is given in full, in part or not, by who would receive", () => {
    expect([stateOf(whole), stateOf(part), stateOf(no)]).toEqual([["GIVEN", []], ["GIVEN_IN_PART", []], ["REFUSED", []]]);
    expect(stateOf(["A", "assurance.given"])).toEqual(["ASKED", ["NOT_THEIRS"]]);
  });

  it("in part may become the whole, and a promise is not taken back by a no", () => {
    expect(stateOf(part, whole)).toEqual(["GIVEN", []]);
    expect(stateOf(part, no)).toEqual(["GIVEN_IN_PART", ["OUT_OF_TURN"]]);
    expect(stateOf(whole, no)).toEqual(["GIVEN", ["OUT_OF_TURN"]]);
  });

  it("is broken only if it was given, and the breach names it", () => {
    expect(stateOf(breach(0))).toEqual(["ASKED", ["OUT_OF_TURN"]]);
    expect(stateOf(whole, breach(0))).toEqual(["GIVEN", ["OUT_OF_TURN"]]);
    expect(stateOf(whole, breach(1))).toEqual(["BREACHED", []]);
    expect(stateOf(whole, breach(1), ["A", "feedback.report"])).toEqual(["BREACHED", ["NOT_THEIRS"]]);
    expect(stateOf(whole, breach(1), ["B", "feedback.report"])).toEqual(["CLOSED", []]);
  });

  it("is due while the person can be held, and a breach is answered by its day", () => {
    const open = findDues(laneOf(tellCourse([asked]), "ASSURANCE"), standingTerms);
    expect(open.at(-1)).toEqual({ closing: "RESULT", of: "sn/tcu", by: storyStart + 20 * dayMs });
    const broken = findDues(laneOf(tellCourse([asked, whole, breach(1)]), "ASSURANCE"), standingTerms);
    expect(broken).toEqual([{ closing: "ANSWER", of: "sn/tcu", by: storyStart + 500 * hourMs }]);
  });
}); // prettier-ignore
