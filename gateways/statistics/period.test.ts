import { describe, expect, it } from "vitest";

import { type PeriodLength, periodAt, periodLengths } from "./period.ts";

const at = Date.UTC(2026, 4, 31, 23, 59, 59, 999);

describe("a time that figures are told of", () => {
  it.each<[PeriodLength, string, string, string]>([
    ["MONTH", "2026-05", "2026-05-01", "2026-06-01"],
    ["QUARTER", "2026-Q2", "2026-04-01", "2026-07-01"],
    ["HALF_YEAR", "2026-H1", "2026-01-01", "2026-07-01"],
    ["YEAR", "2026", "2026-01-01", "2027-01-01"],
  ])("%s begins and ends at midnight in UTC", (...row) => {
    const [length, name, from, until] = row;
    const period = { name, from: Date.parse(from), until: Date.parse(until) };
    expect(periodAt(length, at)).toEqual(period);
  });

  it("follows the one before without a gap, over the years", () => {
    for (const length of periodLengths) {
      for (let before = 0; before < 30; before += 1) {
        const later = periodAt(length, at, before);
        const earlier = periodAt(length, at, before + 1);
        expect(earlier.until).toBe(later.from);
        expect(periodAt(length, earlier.until - 1)).toEqual(earlier);
      }
    }
  });
});
