import { describe, expect, it } from "vitest";

import { idOf, type Line, tellCourse } from "../../../test/kit/course.ts";
import { custody, step } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { storyStart, storyTime, hourMs } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";

const type = "evidence.transfer";
const event = "evidence.custody_event";
const mild = { offences: [] };
const [rifle, copy] = [{ exhibitNo: "TG-2026-0417/1" }, { exhibitNo: "TG-2026-0417/3-A" }];
const remarks = { text: "lost at the border", lang: "en" };
const handoverAt = storyTime(200);
const agreed: readonly Line[] = [
  ["A", type, { step: "PROPOSED", handoverAt, ...mild }],
  ["B", type, step("ACCEPTED", mild)],
];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse(lines), "EVIDENCE_TRANSFER");
  return [lane.state, reasonsOf(lane)];
}

describe("W7 evidence", () => {
  it("changes hands by two words: the giver's that it went, the taker's that it came", () => {
    expect(stateOf(...agreed, ["A", event, custody("HANDED_OVER")])).toEqual(["IN_TRANSFER", []]);
    expect(stateOf(...agreed, ["A", event, custody("HANDED_OVER")], ["B", event, custody("RECEIVED")])).toEqual(["ARRIVED", []]);
  });

  it("is neither handed over by the taker nor received by the giver", () => {
    expect(stateOf(...agreed, ["B", event, custody("HANDED_OVER")])).toEqual(["AGREED", ["NOT_THEIRS"]]);
    expect(stateOf(...agreed, ["A", event, custody("HANDED_OVER")], ["A", event, custody("RECEIVED")])).toEqual(["IN_TRANSFER", ["NOT_THEIRS"]]);
  });

  it("is not handed over before both agreed, nor an exhibit that was not offered", () => {
    expect(stateOf(["A", type, { step: "PROPOSED", ...mild }], ["A", event, custody("HANDED_OVER")])).toEqual(["PROPOSED", ["OUT_OF_TURN"]]);
    expect(stateOf(...agreed, ["A", event, custody("HANDED_OVER", [{ exhibitNo: "X-9" }])])).toEqual(["AGREED", ["INCOMPLETE"]]);
  });

  it("has arrived when every exhibit that went was received or reported lost", () => {
    const half: readonly Line[] = [...agreed, ["A", event, custody("HANDED_OVER")], ["B", event, custody("RECEIVED", [rifle])]];
    expect(stateOf(...half)).toEqual(["IN_TRANSFER", []]);
    expect(stateOf(...half, ["B", event, { ...custody("LOST", [copy]), remarks }])).toEqual(["ARRIVED", []]);
    expect(stateOf(...agreed, ["A", event, custody("HANDED_OVER", [rifle])], ["B", event, custody("RECEIVED", [copy])])).toEqual(["IN_TRANSFER", ["OUT_OF_TURN"]]);
  });

  it("is examined and sealed by who holds it alone", () => {
    expect(stateOf(...agreed, ["A", event, custody("SEALED")], ["B", event, custody("EXAMINED")])).toEqual(["AGREED", ["NOT_THEIRS"]]);
    const there: readonly Line[] = [...agreed, ["A", event, custody("HANDED_OVER")], ["B", event, custody("RECEIVED")]];
    expect(stateOf(...there, ["B", event, custody("EXAMINED")], ["A", event, custody("EXAMINED")])).toEqual(["ARRIVED", ["NOT_THEIRS"]]);
  });

  it("in a capital case stays until the assurance is signed", () => {
    const capital = { offences: [{ crime: "arms", summary: { text: "x", lang: "en" }, deathPenalty: true }] };
    const start: readonly Line[] = [["A", type, { step: "PROPOSED", ...capital }], ["B", type, step("ACCEPTED", capital)]];
    expect(stateOf(...start, ["A", event, custody("HANDED_OVER")])).toEqual(["AGREED", ["INCOMPLETE"]]);
    const asked: Line = ["A", "assurance.request"];
    const promised: Line = ["B", "assurance.given", { validFrom: storyTime(0) }, { about: 2 }];
    expect(stateOf(...start, asked, promised, ["A", event, custody("HANDED_OVER")])).toEqual(["IN_TRANSFER", []]);
    const refused: Line = ["B", "assurance.given", { decision: "REFUSED", assurances: [] }, { about: 2 }];
    expect(stateOf(...start, asked, refused, ["A", event, custody("HANDED_OVER")])).toEqual(["AGREED", ["INCOMPLETE"]]);
    const broken: Line = ["A", "assurance.breached", (said) => ({ assuranceId: idOf(said) }), { about: 2 }];
    expect(stateOf(...start, asked, promised, broken, ["A", event, custody("HANDED_OVER")])).toEqual(["AGREED", ["INCOMPLETE"]]);
  });

  it("is given back by who has it, and a final judgment closes it", () => {
    const there: readonly Line[] = [...agreed, ["A", event, custody("HANDED_OVER")], ["B", event, custody("RECEIVED")]];
    expect(stateOf(...there, ["B", event, custody("RETURNED")], ["A", event, custody("RECEIVED")])).toEqual(["RETURNED", []]);
    expect(stateOf(...there, ["B", "outcome.judicial", { final: false }])).toEqual(["ARRIVED", []]);
    expect(stateOf(...there, ["B", "outcome.judicial", { final: true }])).toEqual(["CLOSED", []]);
  });

  it("is awaited by the day that was agreed", () => {
    const lane = laneOf(tellCourse([...agreed, ["A", event, custody("HANDED_OVER")]]), "EVIDENCE_TRANSFER");
    expect(findDues(lane, standingTerms)).toEqual([{ closing: "RESULT", of: "sn/tcu", by: storyStart + 200 * hourMs }]);
  });
}); // prettier-ignore
