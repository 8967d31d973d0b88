import { describe, expect, it } from "vitest";

import { idOf, type Line, tellCourse } from "../../../test/kit/course.ts";
import { step } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { findDues, findNextActs, standingTerms } from "../index.ts";

const type = "jit.proposal";
const proposed: Line = ["A", type, { step: "PROPOSED" }];
const toBoth: Line = ["A", type, { step: "PROPOSED" }, { to: ["B", "C"] }];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse(lines), "JOINT_TEAM", "sn/tcu");
  return [lane.state, reasonsOf(lane)];
}

describe("what both must agree on", () => {
  it("goes from proposed over agreed and carried out to closed", () => {
    const story = tellCourse([
      proposed,
      ["B", "request.acknowledge"],
      ["B", type, (said) => step("ACCEPTED", { targetId: idOf(said, 0) })(said)],
      ["A", type, step("COMPLETED")],
      ["A", "feedback.report"],
    ]);
    const lane = laneOf(story, "JOINT_TEAM");
    expect([lane.state, reasonsOf(lane)]).toEqual(["CLOSED", []]);
    expect(findNextActs(lane, standingTerms).isEnded).toBe(true);
  });

  it("is accepted and refused by the one asked, never by the one who proposed", () => {
    expect(stateOf(proposed, ["A", type, step("ACCEPTED")])).toEqual(["PROPOSED", ["NOT_THEIRS"]]);
    expect(stateOf(proposed, ["B", type, step("WITHDRAWN")])).toEqual(["PROPOSED", ["NOT_THEIRS"]]);
    const refused = step("REFUSED", { refusalGround: "OTHER" });
    expect(stateOf(proposed, ["B", type, refused])).toEqual(["REFUSED", []]);
    expect(stateOf(proposed, ["B", type, refused], ["B", type, step("ACCEPTED")])).toEqual(["REFUSED", ["OUT_OF_TURN"]]);
  });

  it("binds nobody to a text that was changed before he saw the change", () => {
    const onFirst: Line = ["B", type, (said) => ({ step: "ACCEPTED", targetId: idOf(said, 0) })];
    expect(stateOf(proposed, ["A", type, step("AMENDED")], onFirst)).toEqual(["PROPOSED", ["OUT_OF_TURN"]]);
    const onChange: Line = ["B", type, (said) => ({ step: "ACCEPTED", targetId: idOf(said, 1) })];
    expect(stateOf(proposed, ["A", type, step("AMENDED")], onFirst, onChange)).toEqual(["AGREED", ["OUT_OF_TURN"]]);
  });

  it("is for the first to decide when the other proposed otherwise", () => {
    const counter: Line = ["B", type, step("AMENDED")];
    expect(stateOf(proposed, counter)).toEqual(["COUNTER_PROPOSED", []]);
    expect(stateOf(proposed, counter, ["B", type, step("ACCEPTED")])).toEqual(["COUNTER_PROPOSED", ["NOT_THEIRS"]]);
    expect(stateOf(proposed, counter, ["A", type, step("ACCEPTED")])).toEqual(["AGREED", []]);
  });

  it("stands as agreed while a change is looked at, and when the change is refused", () => {
    const agreed: readonly Line[] = [proposed, ["B", type, step("ACCEPTED")], ["A", type, step("AMENDED")]];
    const refusal: Line = ["B", type, (said) => step("REFUSED", { refusalGround: "OTHER" })(said)];
    expect(stateOf(...agreed)).toEqual(["CHANGE_PROPOSED", []]);
    expect(stateOf(...agreed, refusal)).toEqual(["AGREED", []]);
  });

  it("is one thing when both act at once: who was first counts, for both", () => {
    const story = tellCourse([proposed]);
    const [opening] = story.steps;
    const follows = opening === undefined ? [] : [opening];
    const body = { step: "WITHDRAWN", targetId: opening?.id };
    story.say({ from: "sn/tcu", to: ["gh/tcu"], type, at: 5, follows, body: { ...body, step: "ACCEPTED" } });
    story.say({ from: "gh/tcu", to: ["sn/tcu"], type, at: 4, follows, body });
    const lane = laneOf(story, "JOINT_TEAM");
    expect([lane.state, reasonsOf(lane)]).toEqual(["WITHDRAWN", ["OUT_OF_TURN"]]);
  });

  it("is a matter of its own with each who is asked, and with who is asked later", () => {
    const lines: readonly Line[] = [toBoth, ["B", type, step("ACCEPTED")], ["C", type, (said) => ({ step: "REFUSED", refusalGround: "OTHER", targetId: idOf(said, 0) })]];
    const states = tellCourse(lines).read().lanes.map(({ other, state }) => `${other} ${state}`);
    expect(states).toEqual(["sn/tcu AGREED", "ml/tcu REFUSED"]);
    const later = tellCourse([proposed, ["A", type, { step: "PROPOSED" }, { to: ["C"] }]]);
    expect(later.read().lanes.map(({ other }) => other)).toEqual(["sn/tcu", "ml/tcu"]);
  });

  it("opens nothing with an answer whose proposal is not here", () => {
    const { lanes, beside } = tellCourse([["B", type, { step: "ACCEPTED", targetId: "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee" }]]).read();
    expect([lanes.length, beside.length]).toEqual([0, 1]);
  });

  it("awaits a decision in the clock of its urgency, then the work by its day, then what came of it", () => {
    const periodTo = storyTime(24 * 100);
    const decide = findDues(laneOf(tellCourse([["A", type, { step: "PROPOSED", periodTo }]]), "JOINT_TEAM"), standingTerms);
    expect(decide).toEqual([
      { closing: "ACKNOWLEDGEMENT", of: "sn/tcu", by: storyStart + 60_000 + dayMs },
      { closing: "DECISION", of: "sn/tcu", by: storyStart + 60_000 + 7 * dayMs },
    ]);
    const agreed: readonly Line[] = [["A", type, { step: "PROPOSED", periodTo }], ["B", type, step("ACCEPTED")]];
    const work = findDues(laneOf(tellCourse(agreed), "JOINT_TEAM"), standingTerms);
    expect(work).toEqual([{ closing: "RESULT", of: "gh/tcu", by: storyStart + 100 * dayMs }]);
    const done = findDues(laneOf(tellCourse([...agreed, ["A", type, step("COMPLETED")]]), "JOINT_TEAM"), standingTerms);
    expect(done).toEqual([{ closing: "FEEDBACK", of: "gh/tcu", by: storyStart + 32 * dayMs }]);
  });

  it("in protection is decided by the day that was named, and may be refused or taken back in the common way", () => {
    const asked: Line = ["A", "protection.request", { decideBy: storyTime(48) }];
    const dues = findDues(laneOf(tellCourse([asked]), "PROTECTION"), standingTerms);
    expect(dues.at(-1)).toEqual({ closing: "DECISION", of: "sn/tcu", by: storyStart + 2 * dayMs });
    expect(laneOf(tellCourse([asked, ["B", "reply.refuse"]]), "PROTECTION").state).toBe("REFUSED");
    expect(laneOf(tellCourse([asked, ["A", "request.withdraw"]]), "PROTECTION").state).toBe("WITHDRAWN");
  });

  it("once agreed on how assets are shared is not left by who receives", () => {
    const share = "asset.sharing_agreement";
    const agreed: readonly Line[] = [["A", share, { step: "PROPOSED" }], ["B", share, step("ACCEPTED")], ["B", share, step("WITHDRAWN")]];
    expect(laneOf(tellCourse(agreed), "ASSET_SHARING")).toMatchObject({ state: "AGREED", refused: [{ reason: "NOT_THEIRS" }] });
  });
}); // prettier-ignore
