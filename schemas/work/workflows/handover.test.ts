import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { handing, saysNo } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, storyStart, storyTime, type Story } from "../../../test/kit/story.ts";
import { exampleOf } from "../../examples/index.ts";
import { findDues, standingTerms } from "../index.ts";
import { findReleaseDue } from "./handover.ts";

const type = "suspect.handover";
const detentionStartedAt = storyTime(-10);
const legalDeadline = storyTime(400);
const law = { detentionStartedAt, legalDeadline };
const toBoth = { to: ["B", "C"] } as const;
const offered: Line = ["A", type, handing("OFFERED", { offeredTo: [], ...law }), toBoth];
const yes = (acceptedBy: string): Readonly<Record<string, unknown>> =>
  handing("ACCEPTED", { acceptedBy, ...law });
const [bReady, cReady]: readonly [Line, Line] = [
  ["B", type, yes("sn/tcu")],
  ["C", type, yes("ml/tcu")],
];
const chooseB: Line = ["A", type, yes("sn/tcu"), toBoth];
const chooseC: Line = ["A", type, yes("ml/tcu"), toBoth];
const onTheWay: Line = ["A", type, { ...yes("sn/tcu"), stage: "IN_TRANSFER" }];
const allRefused = (): Line => [
  "A",
  type,
  handing("ALL_REFUSED", {
    ...law,
    offeredTo: [{ country: "SN", answer: "REFUSED", refusalGround: "NO_JURISDICTION" }],
  }),
  toBoth,
];

function statesOf(story: Story): readonly string[] {
  return story.read().lanes.flatMap(({ workflow, other, state }) => (workflow === "HANDOVER" ? [`${other} ${state}`] : []));
} // prettier-ignore

describe("W7 a handover of suspects", () => {
  it("is answered by each state for itself, chosen by who holds them, and taken by one", () => {
    const story = tellCourse([offered, bReady, cReady, chooseB, onTheWay, ["B", type, { ...yes("sn/tcu"), stage: "HANDED_OVER" }]]);
    expect(statesOf(story)).toEqual(["sn/tcu HANDED_OVER", "ml/tcu GIVEN_TO_ANOTHER"]);
    expect(story.read().lanes.flatMap(reasonsOf)).toEqual([]);
  });

  it("has one taker: a second is refused in every lane", () => {
    const story = tellCourse([offered, bReady, cReady, chooseB, chooseC]);
    expect(statesOf(story)).toEqual(["sn/tcu ACCEPTED", "ml/tcu GIVEN_TO_ANOTHER"]);
    expect(story.read().lanes.map(reasonsOf)).toEqual([["OUT_OF_TURN"], ["OUT_OF_TURN"]]);
  });

  it("keeps one taker when a state that was asked apart says yes too", () => {
    const apart: Line = ["A", type, handing("OFFERED", { offeredTo: [], ...law }), { to: ["C"] }];
    const first: Line = ["A", type, handing("OFFERED", { offeredTo: [], ...law })];
    const both: readonly Line[] = [first, apart, bReady, ["C", type, yes("ml/tcu"), { about: 1 }]];
    const quiet: Line = ["A", type, yes("sn/tcu"), { to: ["B"] }];
    expect(reasonsOf(laneOf(tellCourse([...both, quiet]), "HANDOVER", "sn/tcu"))).toEqual(["INCOMPLETE"]);
    const second: Line = ["A", type, yes("ml/tcu"), { ...toBoth, about: 1 }];
    const story = tellCourse([...both, chooseB, second]);
    expect(statesOf(story)).toEqual(["sn/tcu ACCEPTED", "ml/tcu READY_TO_TAKE"]);
    expect(reasonsOf(laneOf(story, "HANDOVER", "ml/tcu"))).toEqual(["OUT_OF_TURN"]);
  });

  it("is not chosen for a state that did not say yes, nor said yes by one for another", () => {
    expect(laneOf(tellCourse([offered, chooseB]), "HANDOVER", "sn/tcu")).toMatchObject({ state: "OFFERED", refused: [{ reason: "OUT_OF_TURN" }] });
    expect(laneOf(tellCourse([offered, ["B", type, yes("ml/tcu")]]), "HANDOVER", "sn/tcu")).toMatchObject({ state: "OFFERED", refused: [{ reason: "NOT_THEIRS" }] });
  });

  it("is refused by all when each has refused, and one offer to answer is one too many", () => {
    const no: Line = ["B", type, { ...saysNo, ...law }];
    const story = tellCourse([offered, no, allRefused()]);
    expect(statesOf(story)).toEqual(["sn/tcu ALL_REFUSED", "ml/tcu OFFERED"]);
    expect(reasonsOf(laneOf(story, "HANDOVER", "ml/tcu"))).toEqual(["INCOMPLETE"]);
    const common = tellCourse([offered, no, ["C", "reply.refuse"], allRefused()]);
    expect(statesOf(common)).toEqual(["sn/tcu ALL_REFUSED", "ml/tcu ALL_REFUSED"]);
    expect(reasonsOf(laneOf(tellCourse([offered, bReady, allRefused()]), "HANDOVER", "sn/tcu"))).toEqual(["OUT_OF_TURN"]);
  });

  it("goes to the next when the one chosen says no after all", () => {
    const again: Line = ["A", type, handing("OFFERED", { offeredTo: [], ...law }), { to: ["C"] }];
    const lines: readonly Line[] = [offered, bReady, cReady, chooseB];
    expect(reasonsOf(laneOf(tellCourse([...lines, again]), "HANDOVER", "ml/tcu"))).toEqual(["OUT_OF_TURN"]);
    const story = tellCourse([...lines, ["B", type, { ...saysNo, ...law }], again, cReady, chooseC]);
    expect(statesOf(story)).toEqual(["sn/tcu GIVEN_TO_ANOTHER", "ml/tcu ACCEPTED"]);
  });

  it("in a capital case waits for the assurance, and for the one it names", () => {
    const { offences } = exampleOf(type).body as { readonly offences: unknown };
    const yesWith = (id: string): Readonly<Record<string, unknown>> => ({ ...yes("sn/tcu"), offences, assurances: [{ id, kind: "DEATH_PENALTY" }] });
    const other = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
    const start: readonly Line[] = [["A", type, handing("OFFERED", { offeredTo: [], ...law })], ["B", type, yes("sn/tcu")]];
    const asked: Line = ["A", "assurance.request"];
    const given: Line = ["B", "assurance.given", { validFrom: storyTime(0) }, { about: 2 }];
    const lane = (...lines: readonly Line[]): string => laneOf(tellCourse([...start, ...lines]), "HANDOVER").state;
    expect(lane(["A", type, yesWith(other)])).toBe("READY_TO_TAKE");
    expect(lane(asked, ["A", type, yesWith(other)])).toBe("READY_TO_TAKE");
    expect(lane(asked, given, ["A", type, yesWith(other)])).toBe("READY_TO_TAKE");
    expect(lane(asked, given, ["A", type, (said) => yesWith(said[3]?.id ?? "")])).toBe("ACCEPTED");
  });

  it("waits for every assurance that was asked, whatever the penalty", () => {
    const start: readonly Line[] = [["A", type, handing("OFFERED", { offeredTo: [], ...law })], bReady, ["A", type, yes("sn/tcu")], ["A", "assurance.request"]];
    const held = laneOf(tellCourse([...start, onTheWay]), "HANDOVER");
    expect([held.state, reasonsOf(held)]).toEqual(["ACCEPTED", ["INCOMPLETE"]]);
    const given: Line = ["B", "assurance.given", { validFrom: storyTime(0) }, { about: 3 }];
    expect(laneOf(tellCourse([...start, given, onTheWay]), "HANDOVER").state).toBe("IN_TRANSFER");
  });

  it("has the law's clock in every state until they are gone, and then release is required", () => {
    const late = storyStart + 400 * hourMs;
    const story = tellCourse([offered, bReady]);
    for (const lane of story.read().lanes) {
      expect(findDues(lane, standingTerms)).toContainEqual({ closing: "DECISION", of: "gh/tcu", by: late });
    }
    expect(findReleaseDue(story.read().lanes, late - 1)).toEqual([]);
    expect(findReleaseDue(story.read().lanes, late)).toMatchObject([{ holder: "gh/tcu", since: late }]);
    const free: Line = ["A", type, handing("RELEASED", { ...law, releaseReason: { text: "no taker", lang: "en" } }), toBoth];
    expect(findReleaseDue(tellCourse([offered, free]).read().lanes, late)).toEqual([]);
  });

  it("has more time when a court gave it, by the word of who holds them alone", () => {
    const longer = { ...law, legalDeadline: storyTime(600) };
    const now = storyStart + 500 * hourMs;
    const word: Line = ["A", type, handing("DETAINED", longer), toBoth];
    expect(findReleaseDue(tellCourse([offered, word]).read().lanes, now)).toEqual([]);
    const foreign: Line = ["B", type, handing("ACCEPTED", { ...longer, acceptedBy: "sn/tcu" })];
    expect(findReleaseDue(tellCourse([offered, foreign]).read().lanes, now)).toHaveLength(1);
  });
}); // prettier-ignore
