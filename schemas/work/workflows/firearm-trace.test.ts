import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { endOfTrace } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, type Story } from "../../../test/kit/story.ts";
import { encodeBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { findDues, standingTerms } from "../index.ts";
import { draftNextTrace, isNextHop, type NextTrace } from "./firearm-trace.ts";

const asked: Line = ["A", "firearm.trace_request"];
const goesOn: Line = ["B", "firearm.trace_reply", { nextCountry: "ML", nextAgency: "ml/police" }];

function draftOf(story: Story): NextTrace | undefined {
  const { lanes } = story.read();
  return draftNextTrace(laneOf(story, "FIREARM_TRACE", "sn/tcu"), lanes);
}

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([asked, ...lines]), "FIREARM_TRACE");
  return [lane.state, reasonsOf(lane)];
}

describe("W9 a firearm trace", () => {
  it("is answered once by the one asked, and closed by the asker", () => {
    expect(stateOf(["B", "firearm.trace_reply", endOfTrace], ["A", "feedback.report"])).toEqual([
      "CLOSED",
      [],
    ]);
    expect(stateOf(["A", "firearm.trace_reply", endOfTrace])).toEqual(["SENT", ["NOT_THEIRS"]]);
    expect(stateOf(["B", "firearm.trace_reply", endOfTrace], goesOn)).toEqual([
      "ANSWERED",
      ["OUT_OF_TURN"],
    ]);
  });

  it("that lacks data waits for the asker and is answered then", () => {
    const lacking: Line = [
      "B",
      "firearm.trace_reply",
      { ...endOfTrace, outcome: "INSUFFICIENT_DATA", missingItems: ["SERIAL"] },
    ];
    expect(stateOf(lacking)).toEqual(["WAITING_FOR_ASKER", []]);
    expect(
      stateOf(lacking, ["A", "request.answer"], ["B", "firearm.trace_reply", endOfTrace]),
    ).toEqual(["ANSWERED", []]);
  });

  it("has thirty days, and three to be acknowledged", () => {
    const lane = laneOf(tellCourse([asked]), "FIREARM_TRACE");
    const traced = { ...lane, opening: { ...lane.opening, urgency: "TRACE" } };
    expect(findDues(traced, standingTerms).map(({ by }) => by)).toEqual([
      storyStart + 60_000 + 3 * dayMs,
      storyStart + 60_000 + 30 * dayMs,
    ]);
  });

  it("that names the next country says what to ask there, with the words of the first request alone", () => {
    const story = tellCourse([asked, goesOn]);
    expect(laneOf(story, "FIREARM_TRACE").state).toBe("NEXT_COUNTRY");
    const draft = draftOf(story);
    expect(draft).toMatchObject({
      country: "ML",
      agency: "ml/police",
      body: { alreadyAsked: ["sn/tcu"] },
    });
    const [opening] = story.steps;
    expect(draft?.body.firearm).toEqual(opening?.read("firearm.trace_request")?.firearm);
    if (draft === undefined) throw new Error("no draft");
    expect(encodeBody("firearm.trace_request", draft.body).length).toBeGreaterThan(0);
  });

  it("drafts nothing where no country is named, or before there is an answer", () => {
    expect(draftOf(tellCourse([asked]))).toBeUndefined();
    expect(draftOf(tellCourse([asked, ["B", "firearm.trace_reply", endOfTrace]]))).toBeUndefined();
  });

  it("does not go in a circle", () => {
    const before: Line = ["A", "firearm.trace_request", { alreadyAsked: ["ml/police"] }];
    expect(draftOf(tellCourse([before, goesOn]))).toBeUndefined();
    const nameless: Line = [
      "B",
      "firearm.trace_reply",
      { nextCountry: "ML", nextAgency: undefined },
    ];
    expect(draftOf(tellCourse([before, nameless]))).toBeUndefined();
    expect(draftOf(tellCourse([asked, nameless]))).toMatchObject({
      country: "ML",
      agency: undefined,
    });
    const both: Line = ["A", "firearm.trace_request", {}, { to: ["B", "C"] }];
    expect(draftOf(tellCourse([both, nameless]))).toBeUndefined();
  });

  it("is linked to the hop before it", () => {
    const story = tellCourse([
      asked,
      goesOn,
      ["A", "firearm.trace_request", (said) => ({ parentId: said[0]?.id }), { to: ["C"] }],
    ]);
    const [first, next] = [
      laneOf(story, "FIREARM_TRACE", "sn/tcu"),
      laneOf(story, "FIREARM_TRACE", "ml/tcu"),
    ];
    expect([isNextHop(next, first), isNextHop(first, next)]).toEqual([true, false]);
  });
});

describe("W9 a diversion", () => {
  const { firearms = [], lots = [] } = exampleOf("firearm.diversion").body as { readonly firearms?: readonly unknown[]; readonly lots?: readonly { readonly count: number }[] };
  const all = firearms.length + lots.reduce((sum, { count }) => sum + count, 0);
  const published: Line = ["A", "firearm.diversion", {}, { to: [] }];
  const destroys = (count: number): Line => ["B", "firearm.destroyed", { count, firearms: [], lots: [] }];

  it("ends when all were destroyed, not when some were", () => {
    const some = tellCourse([published, destroys(all - 1)]);
    expect(laneOf(some, "FIREARM_DIVERSION", "sn/tcu").state).toBe("PARTLY_DESTROYED");
    const rest = tellCourse([published, destroys(all - 1), destroys(1)]);
    expect(laneOf(rest, "FIREARM_DIVERSION", "sn/tcu").state).toBe("DESTROYED");
  });

  it("is cancelled by who told it, and feedback of one reader closes it for him alone", () => {
    expect(laneOf(tellCourse([published, ["A", "alert.cancel", {}, { to: [] }]]), "FIREARM_DIVERSION").state).toBe("CANCELLED");
    const story = tellCourse([published, ["B", "feedback.report"], ["C", "alert.cancel"]]);
    const states = story.read().lanes.filter(({ workflow }) => workflow === "FIREARM_DIVERSION").map(({ other, state }) => `${other} ${state}`);
    expect(states).toContain("sn/tcu CLOSED");
    expect(states).toContain(" PUBLISHED");
    expect(states.join()).not.toContain("CANCELLED");
  });
}); // prettier-ignore
