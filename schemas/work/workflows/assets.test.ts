import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { exampleOf } from "../../examples/index.ts";
import { findDues, standingTerms } from "../index.ts";

const { answers } = exampleOf("asset.trace_reply").body as {
  readonly answers: readonly Readonly<Record<string, unknown>>[];
};

describe("an asset trace", () => {
  const asked: Line = ["A", "asset.trace_request", { neededBy: storyTime(24 * 20) }];
  const reply = (body: Readonly<Record<string, unknown>>): Line => ["B", "asset.trace_reply", body];

  it("is answered in part while a register is pending, and then whole", () => {
    const part = laneOf(tellCourse([asked, reply({ pending: ["BANK"] })]), "ASSET_TRACE");
    expect([part.state, findDues(part, standingTerms)[0]?.by]).toEqual([
      "PARTLY_ANSWERED",
      storyStart + 20 * dayMs,
    ]);
    expect(
      laneOf(
        tellCourse([asked, reply({ pending: ["BANK"] }), reply({ pending: [] })]),
        "ASSET_TRACE",
      ).state,
    ).toBe("ANSWERED");
  });

  it("is refused when every kind was, and answered by nobody but the one asked", () => {
    const no = { pending: [], answers: answers.map((one) => ({ ...one, outcome: "REFUSED" })) };
    expect(laneOf(tellCourse([asked, reply(no)]), "ASSET_TRACE").state).toBe("REFUSED");
    expect(
      reasonsOf(laneOf(tellCourse([asked, ["A", "asset.trace_reply"]]), "ASSET_TRACE")),
    ).toEqual(["NOT_THEIRS"]);
  });
});

const [asset] = (
  exampleOf("asset.freeze_request").body as {
    readonly assets: readonly Readonly<Record<string, unknown>>[];
  }
).assets;
const both = {
  assets: [
    { ...asset, ref: "x1" },
    { ...asset, ref: "x2" },
  ],
  holdUntil: storyTime(24 * 60),
  mlaBy: storyTime(24 * 45),
  maxHoldDays: undefined,
};
const asked: Line = ["A", "asset.freeze_request", both];
const update = (
  event: string,
  refs: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Line => [
  "B",
  "asset.management_update",
  {
    event,
    assets: refs.map((ref) => ({ kind: "REAL_ESTATE", ref })),
    holdUntil: undefined,
    ...more,
  },
];
const held: readonly Line[] = [asked, update("FROZEN", ["x1", "x2"])];

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse(lines), "ASSET_FREEZE");
  return [lane.state, reasonsOf(lane)];
}

describe("held assets", () => {
  it("are held or not by the one asked, who alone says what becomes of them", () => {
    expect(stateOf(...held)).toEqual(["HELD", []]);
    expect(stateOf(asked, update("NOT_FROZEN", ["x1"]))).toEqual(["NOT_HELD", []]);
    expect(stateOf(asked, update("RELEASED", ["x1"]))).toEqual(["SENT", ["OUT_OF_TURN"]]);
    expect(stateOf(asked, ["A", "asset.management_update", { event: "FROZEN" }])).toEqual(["SENT", ["NOT_THEIRS"]]);
  });

  it("stay a matter until the last of them is free, taken or gone", () => {
    expect(stateOf(...held, update("RELEASED", ["x1"]))).toEqual(["HELD", []]);
    expect(stateOf(...held, update("RELEASED", ["x1"]), update("CONFISCATED", ["x2"]))).toEqual(["ENDED", []]);
    expect(stateOf(...held, update("RELEASED", ["x1"]), update("CONFISCATED", ["x2"]), ["A", "feedback.report"])).toEqual(["CLOSED", []]);
  });

  it("await the formal request before the hold ends, and the hold ends when it was said last", () => {
    const by = (...lines: readonly Line[]): number | undefined => findDues(laneOf(tellCourse([...held, ...lines]), "ASSET_FREEZE"), standingTerms)[0]?.by;
    expect(by()).toBe(storyStart + 45 * dayMs);
    expect(by(["A", "mla.request"])).toBe(storyStart + 60 * dayMs);
    expect(by(["A", "mla.request"], update("EXTENDED", ["x1", "x2"], { holdUntil: storyTime(24 * 90) }))).toBe(storyStart + 90 * dayMs);
  });

  it("are let go when it is taken back, and who holds them says that they are", () => {
    expect(stateOf(...held, ["A", "request.withdraw"])).toEqual(["RELEASE_ASKED", []]);
    expect(stateOf(...held, ["A", "request.withdraw"], update("RELEASED", ["x1", "x2"]))).toEqual(["ENDED", []]);
    expect(stateOf(asked, ["A", "request.withdraw"])).toEqual(["WITHDRAWN", []]);
  });
}); // prettier-ignore
