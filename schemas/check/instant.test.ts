import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { maxTime, parseInstant, renderInstant } from "./index.ts";

describe("renderInstant and parseInstant", () => {
  it("agree with the calendar of the machine for every moment we can carry", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxTime }), (at) => {
        expect(renderInstant(at)).toBe(new Date(at).toISOString());
        expect(parseInstant(renderInstant(at))).toBe(at);
      }),
      { numRuns: 2000 },
    );
  });

  it("know the days around leap years", () => {
    for (const day of ["2000-02-29", "2024-02-29", "2100-02-28", "2023-12-31", "1970-01-01"]) {
      expect(parseInstant(`${day}T23:59:59.999Z`)).toBe(Date.parse(`${day}T23:59:59.999Z`));
    }
  });

  it("an offset is taken into account, and a fraction may be short or absent", () => {
    const at = Date.parse("2026-03-09T14:05:00.000Z");
    expect(parseInstant("2026-03-09T15:05:00.000+01:00")).toBe(at);
    expect(parseInstant("2026-03-09T10:35:00-03:30")).toBe(at);
    expect(parseInstant("2026-03-09T14:05:00.5Z")).toBe(at + 500);
  });

  it.each([
    "2026-03-09T14:05:00",
    "2026-03-09 14:05:00Z",
    "2026-03-09t14:05:00z",
    "2026-03-09",
    "2026-02-30T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-03-09T24:00:00Z",
    "2026-03-09T14:60:00Z",
    "2026-03-09T23:59:60Z",
    "2026-03-09T14:05:00.1234Z",
    "2026-03-09T14:05:00.Z",
    "2026-03-09T14:05:00+0100",
    "2026-03-09T14:05:00+24:00",
    "+2026-03-09T14:05:00Z",
    "٢٠٢٦-03-09T14:05:00Z",
    "",
  ])("%j is not a moment", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
