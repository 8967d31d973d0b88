import { describe, expect, it } from "vitest";

import { codeOf } from "../test/kit/code-of.ts";
import { checkDirectLevel, checkFeedLevel, narrowestLevel } from "./release-level.ts";

const levels = ["NATIONAL", "BILATERAL", "REGIONAL", "CONTINENTAL", "GLOBAL"] as const;
const exceeded = "RELEASE_LEVEL_EXCEEDED";
const goes = "accepted";

describe("T2: a feed takes what its originator lets into it", () => {
  it.each([
    ["ecowas", [exceeded, exceeded, goes, goes, goes]],
    ["continental", [exceeded, exceeded, exceeded, goes, goes]],
    ["global", [exceeded, exceeded, exceeded, exceeded, goes]],
  ] as const)("%s", (rec, codes) => {
    const found = levels.map((releaseLevel) =>
      codeOf(() => checkFeedLevel({ releaseLevel, recs: [rec] })),
    );
    expect(found).toEqual(codes);
  });

  it("of several feeds the widest decides", () => {
    const level = { releaseLevel: "REGIONAL", recs: ["ecowas", "continental"] };
    expect(codeOf(() => checkFeedLevel(level))).toBe(exceeded);
  });
});

describe("T2: direct mail reaches no more parties than its level", () => {
  const home = ["ng/fiu"];
  const one = ["gh/fiu", "gh/tcu", "ng/fiu"];
  const two = ["gh/fiu", "sn/fiu"];
  const centre = ["ecowas/centre", "gh/tcu"];

  it.each([
    [home, [goes, goes, goes]],
    [one, [exceeded, goes, goes]],
    [two, [exceeded, exceeded, goes]],
    [centre, [exceeded, exceeded, goes]],
  ])("%s", (recipients, codes) => {
    const found = levels
      .slice(0, 3)
      .map((releaseLevel) =>
        codeOf(() => checkDirectLevel({ releaseLevel, originator: "ng/tcu" }, recipients)),
      );
    expect(found).toEqual(codes);
  });

  it("the narrowest level that is said for it lets it go, and the next narrower would not", () => {
    for (const recipients of [home, one, two, centre]) {
      const level = narrowestLevel("ng/tcu", recipients);
      const check = (releaseLevel: string) => () =>
        checkDirectLevel({ releaseLevel, originator: "ng/tcu" }, recipients);
      expect(codeOf(check(level))).toBe(goes);
      const narrower = levels[levels.indexOf(level) - 1];
      if (narrower !== undefined) expect(codeOf(check(narrower))).toBe(exceeded);
    }
  });
});
