import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { step } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";

const type = "preserve.data";
const until = { preserveUntil: storyTime(24 * 50), mlaBy: storyTime(24 * 30) };
const asked: Line = ["A", type, { step: "REQUEST", ...until }];
const kept: readonly Line[] = [asked, ["B", type, step("CONFIRMED", until)]];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse(lines), "PRESERVATION");
  return [lane.state, reasonsOf(lane)];
}

describe("W8 preserved data", () => {
  it("is kept by the one asked, who may also refuse, and nobody else says so", () => {
    expect(stateOf(...kept)).toEqual(["PRESERVED", []]);
    expect(stateOf(asked, ["A", type, step("CONFIRMED")])).toEqual(["SENT", ["NOT_THEIRS"]]);
    expect(stateOf(asked, ["B", type, step("REFUSED", { refusalGround: "OTHER" })])).toEqual([
      "REFUSED",
      [],
    ]);
  });

  it("is let go by who asked at any time, by who keeps it only when its day is over", () => {
    expect(stateOf(...kept, ["A", type, step("RELEASED")])).toEqual(["RELEASED", []]);
    expect(stateOf(...kept, ["B", type, step("RELEASED"), { at: 24 * 49 }])).toEqual([
      "PRESERVED",
      ["NOT_DUE_YET"],
    ]);
    expect(stateOf(...kept, ["B", type, step("RELEASED"), { at: 24 * 51 }])).toEqual([
      "RELEASED",
      [],
    ]);
  });

  it("is kept longer when asked, and refusing that leaves the old day", () => {
    const longer = { preserveUntil: storyTime(24 * 90) };
    const asks: Line = ["A", type, step("EXTENDED", longer)];
    expect(
      laneOf(tellCourse([...kept, asks, ["B", type, step("EXTENDED", longer)]]), "PRESERVATION")
        .marks.resultBy,
    ).toBe(storyStart + 90 * dayMs);
    const refused = laneOf(
      tellCourse([...kept, asks, ["B", type, step("REFUSED", { refusalGround: "OTHER" })]]),
      "PRESERVATION",
    );
    expect([refused.state, refused.marks.resultBy]).toEqual(["PRESERVED", storyStart + 50 * dayMs]);
  });

  it("awaits the formal request by its day, and has it when it is sent", () => {
    const lane = laneOf(tellCourse(kept), "PRESERVATION");
    expect(findDues(lane, standingTerms)).toEqual([
      { closing: "DECISION", of: "gh/tcu", by: storyStart + 30 * dayMs },
    ]);
    const story = tellCourse([...kept, ["A", "mla.request"]]);
    expect(story.read().lanes.map(({ workflow, state }) => `${workflow} ${state}`)).toEqual([
      "PRESERVATION FORMALLY_ASKED",
      "MLA SENT",
    ]);
  });
});

describe("W8 a forensic comparison", () => {
  const comparing: Line = ["A", "forensic.compare", { step: "REQUEST", targetId: undefined, findings: [], laboratory: undefined }];

  it("has one result, of the one asked, and what came of it is told by the asker", () => {
    const lines: readonly Line[] = [comparing, ["A", "forensic.compare"], ["B", "forensic.compare"], ["B", "forensic.compare"], ["A", "feedback.report"]];
    const lane = laneOf(tellCourse(lines), "FORENSIC_COMPARISON");
    expect([lane.state, reasonsOf(lane)]).toEqual(["CLOSED", ["NOT_THEIRS", "OUT_OF_TURN"]]);
  });

  it("without its request is no matter", () => {
    expect(tellCourse([["B", "forensic.compare"]]).read().lanes).toEqual([]);
  });
}); // prettier-ignore
