import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";
import { isDelegated } from "./delegation.ts";

const type = "liaison.delegation";
const terms = {
  homeAgency: "gh/tcu",
  hostAgency: "sn/tcu",
  validFrom: storyTime(24 * 10),
  validUntil: storyTime(24 * 100),
};
type Terms = Readonly<Record<string, unknown>>;
const says = (pactAct: string, more: Terms = {}, of = 0) => (said: readonly { readonly id: string }[]): Terms => ({ ...terms, pactAct, proposalId: said[of]?.id, ...more }); // prettier-ignore
const proposed: Line = ["A", type, { ...terms, pactAct: "PROPOSED", proposalId: undefined }];
const accepted: Line = ["B", type, says("ACCEPTED")];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([proposed, ...lines]), "DELEGATION");
  return [lane.state, reasonsOf(lane)];
}

describe("a delegation of an officer", () => {
  it("is in force when the host signed the very terms that home proposed", () => {
    expect(stateOf(accepted)).toEqual(["IN_FORCE", []]);
    expect(stateOf(["B", type, says("ACCEPTED", { mandateTypes: ["query.check"] })])).toEqual(["PROPOSED", ["INCOMPLETE"]]);
    expect(stateOf(["A", type, says("ACCEPTED")])).toEqual(["PROPOSED", ["NOT_THEIRS"]]);
  });

  it("is not accepted on terms that were changed, nor after its last day", () => {
    const changed: Line = ["A", type, says("AMENDED", { crimes: ["piracy"] })];
    expect(stateOf(changed, accepted)).toEqual(["PROPOSED", ["OUT_OF_TURN"]]);
    expect(stateOf(changed, ["B", type, says("ACCEPTED", { crimes: ["piracy"] }, 1)])).toEqual(["IN_FORCE", []]);
    expect(stateOf(["B", type, says("ACCEPTED"), { at: 24 * 101 }])).toEqual(["PROPOSED", ["OUT_OF_TURN"]]);
  });

  it("is resumed by who suspended it, and ended by either", () => {
    expect(stateOf(accepted, ["B", type, says("SUSPENDED")], ["A", type, says("RESUMED")])).toEqual(["SUSPENDED", ["NOT_THEIRS"]]);
    expect(stateOf(accepted, ["B", type, says("SUSPENDED")], ["B", type, says("RESUMED")])).toEqual(["IN_FORCE", []]);
    for (const who of ["A", "B"] as const) expect(stateOf(accepted, [who, type, says("ENDED")])).toEqual(["ENDED", []]);
  });

  it("is the host's to decide before it would begin, and holds from its first day to its last", () => {
    expect(findDues(laneOf(tellCourse([proposed]), "DELEGATION"), standingTerms)).toEqual([{ closing: "DECISION", of: "sn/tcu", by: storyStart + 10 * dayMs }]);
    const lane = laneOf(tellCourse([proposed, accepted]), "DELEGATION");
    expect([9, 10, 99, 100].map((day) => isDelegated(lane, storyStart + day * dayMs))).toEqual([false, true, true, false]);
    expect(isDelegated(laneOf(tellCourse([proposed]), "DELEGATION"), storyStart + 50 * dayMs)).toBe(false);
  });

  it("is no matter with anybody but its host", () => {
    expect(tellCourse([["A", type, { ...terms, pactAct: "PROPOSED" }, { to: ["C"] }]]).read().lanes).toEqual([]);
  });
}); // prettier-ignore
