import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { status } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";
import { findPoliceLeads } from "./mla.ts";

const asked: Line = ["A", "mla.request", { neededBy: storyTime(24 * 60) }];
const says = (said: string, more: object = {}): Line => [
  "B",
  "mla.status",
  { ...status(said), expectedBy: undefined, ...more },
];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([asked, ...lines]), "MLA");
  return [lane.state, reasonsOf(lane)];
}

describe("W8 a formal request", () => {
  it("goes forward over execution in parts to executed, and closes when its asker told what came of it", () => {
    expect(stateOf(says("RECEIVED"), says("TRANSMITTED"), says("IN_EXECUTION"), says("PARTLY_EXECUTED"), says("PARTLY_EXECUTED"), says("EXECUTED"))).toEqual(["EXECUTED", []]);
    expect(stateOf(says("EXECUTED"), ["A", "feedback.report"])).toEqual(["CLOSED", []]);
    expect(stateOf(says("EXECUTED"), ["B", "feedback.report"])).toEqual(["EXECUTED", ["NOT_THEIRS"]]);
  });

  it("does not go back, and what was refused is over", () => {
    expect(stateOf(says("IN_EXECUTION"), says("RECEIVED"))).toEqual(["IN_EXECUTION", ["OUT_OF_TURN"]]);
    expect(stateOf(says("REFUSED"), says("IN_EXECUTION"))).toEqual(["REFUSED", ["OUT_OF_TURN"]]);
  });

  it("that was postponed is taken up again", () => {
    const until = { expectedBy: storyTime(24 * 90) };
    expect(stateOf(says("POSTPONED", until), says("IN_EXECUTION"))).toEqual(["IN_EXECUTION", []]);
  });

  it("has its status from the one asked, and is taken back by the asker alone", () => {
    expect(stateOf(["A", "mla.status", status("EXECUTED")])).toEqual(["SENT", ["NOT_THEIRS"]]);
    expect(stateOf(says("WITHDRAWN"))).toEqual(["SENT", ["NOT_THEIRS"]]);
    expect(stateOf(["A", "mla.status", status("WITHDRAWN")])).toEqual(["WITHDRAWN", []]);
  });

  it("that is incomplete stops its clock until it is complete", () => {
    const lines: readonly Line[] = [asked, says("INCOMPLETE")];
    const stopped = findDues(laneOf(tellCourse(lines), "MLA"), standingTerms);
    expect(stopped.map(({ closing, of, by }) => [closing, of, by])).toEqual([["ANSWER", "gh/tcu", undefined], ["RESULT", "sn/tcu", undefined]]);
    const again = laneOf(tellCourse([...lines, ["A", "request.answer"]]), "MLA");
    expect([again.state, findDues(again, standingTerms)[0]?.by]).toEqual(["RECEIVED", storyStart + 61 * dayMs]);
  });

  it("is to be acknowledged in a week, and then is due by the newest word on when it is expected", () => {
    expect(findDues(laneOf(tellCourse([asked]), "MLA"), standingTerms)[0]).toMatchObject({ closing: "ACKNOWLEDGEMENT", of: "sn/tcu" });
    const promised = laneOf(tellCourse([asked, says("IN_EXECUTION", { expectedBy: storyTime(24 * 80) })]), "MLA");
    expect(findDues(promised, standingTerms)).toEqual([{ closing: "RESULT", of: "sn/tcu", by: storyStart + 80 * dayMs }]);
  });

  it("remembers the police messages that led to it, and only when it is executed asks for a word to them", () => {
    expect(findPoliceLeads(laneOf(tellCourse([asked, says("IN_EXECUTION")]), "MLA"))).toEqual([]);
    const leads = findPoliceLeads(laneOf(tellCourse([asked, says("EXECUTED")]), "MLA"));
    expect(leads).toHaveLength(2);
    expect(leads[0]?.message).toMatch(/^01/u);
  });

  it("asked of two states is two matters", () => {
    const story = tellCourse([["A", "mla.request", {}, { to: ["B", "C"] }], says("EXECUTED")]);
    expect(story.read().lanes.map(({ other, state }) => `${other} ${state}`)).toEqual(["sn/tcu EXECUTED", "ml/tcu SENT"]);
  });
}); // prettier-ignore
