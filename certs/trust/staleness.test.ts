import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { checkUsable, freshnessOf, lastUse, usableUntil, usualStaleness } from "./staleness.ts";

const end = 1_780_272_000_000;
const hour = 3_600_000;
const usual = { expiresAt: end, staleness: [] };

describe("a register past its time", () => {
  it.each([
    ["H0", 72],
    ["H1", 72],
    ["H2", 24],
    ["H3", 1],
    ["H9", 0],
  ] as const)("is used for %s for %i hours more, to the millisecond", (handling, hours) => {
    const until = end + hours * hour;
    expect(usableUntil(usual, handling)).toBe(until);
    expect(freshnessOf(usual, handling, end - 1)).toEqual({ state: "fresh", until });
    expect(freshnessOf(usual, handling, until).state).toBe("stale");
    if (hours > 0) expect(freshnessOf(usual, handling, end).state).toBe("ageing");
    if (hours > 0) expect(freshnessOf(usual, handling, until - 1).state).toBe("ageing");
    expect(codeOf(() => checkUsable(usual, until - 1, handling))).toBe("accepted");
    expect(codeOf(() => checkUsable(usual, until, handling))).toBe("REGISTER_STALE");
  });

  it("is used for nothing after the longest that any class has", () => {
    expect(lastUse(usual)).toBe(end + 72 * hour);
    expect(codeOf(() => checkUsable(usual, end + 72 * hour - 1))).toBe("accepted");
    expect(codeOf(() => checkUsable(usual, end + 72 * hour))).toBe("REGISTER_STALE");
  });

  it("is used as long as the region says, the shorter of two lines, and the rest as usual", () => {
    const staleness = [
      { handling: "H0", minutes: 30 },
      { handling: "H0", minutes: 20 },
      { handling: "H1", minutes: 0 },
    ];
    const register = { expiresAt: end, staleness };
    expect(usableUntil(register, "H0")).toBe(end + hour / 3);
    expect(freshnessOf(register, "H1", end).state).toBe("stale");
    expect(usableUntil(register, "H2")).toBe(usableUntil(usual, "H2"));
    expect(lastUse(register)).toBe(end + 24 * hour);
  });

  it("is never used longer for a stricter class, where the region says nothing", () => {
    const minutes = Object.values(usualStaleness);
    expect(minutes).toEqual(minutes.toSorted((a, b) => b - a));
  });
});
