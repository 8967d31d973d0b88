import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { product } from "../../../test/kit/courses.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, storyTime } from "../../../test/kit/story.ts";
import { exampleOf } from "../../examples/index.ts";
import { findDues, standingTerms } from "../index.ts";

const { segments } = exampleOf("translation.request").body as {
  readonly segments: readonly unknown[];
};
const asked: Line = ["A", "translation.request", { deadline: storyTime(24 * 9) }];
const products = segments.map((_, at): Line => ["B", "translation.product", product(at)]);

function stateOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([asked, ...lines]), "TRANSLATION");
  return [lane.state, reasonsOf(lane)];
}

describe("a translation", () => {
  it("is done when every field asked for has its words", () => {
    expect(segments.length).toBeGreaterThan(1);
    expect(stateOf(...products.slice(1))).toEqual(["PARTLY_TRANSLATED", []]);
    expect(stateOf(...products)).toEqual(["TRANSLATED", []]);
  });

  it("of other words than were sent, or by another than the one asked, is none", () => {
    const stray = { ...product(0), sourceDigest: "i4uRL7VyoxTIFZhn_VraAdXdIQauCJg6nB826yaI0p4" };
    expect(stateOf(["B", "translation.product", stray])).toEqual(["SENT", ["OUT_OF_TURN"]]);
    expect(stateOf(["A", "translation.product", product(0)])).toEqual(["SENT", ["NOT_THEIRS"]]);
  });

  it("may be refused, and is due by its day", () => {
    expect(stateOf(["B", "reply.refuse"])).toEqual(["REFUSED", []]);
    const dues = findDues(laneOf(tellCourse([asked]), "TRANSLATION"), standingTerms);
    expect(dues.at(-1)).toEqual({ closing: "RESULT", of: "sn/tcu", by: storyStart + 9 * dayMs });
  });
}); // prettier-ignore
