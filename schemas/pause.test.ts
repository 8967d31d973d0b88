import { describe, expect, it } from "vitest";

import { parsePause, renderPause } from "./index.ts";

describe("the word on a pause", () => {
  it.each([1_000, 5_000, 300_000, 3_600_000])("is read as it was written: %i ms", (ms) => {
    expect(parsePause(renderPause(ms))).toBe(ms);
  });

  it("is never shorter than the pause, and never longer than an hour", () => {
    expect(parsePause(renderPause(1_001))).toBe(2_000);
    expect(parsePause(renderPause(86_400_000))).toBe(3_600_000);
    expect(parsePause("no login for 9999 s; wait")).toBe(3_600_000);
  });

  it.each([
    undefined,
    "",
    "no login",
    "no login for -5 s; x",
    "no login for 5 s",
    "no login for 99999 s; x",
    `${" ".repeat(80)}no login for 5 s; x`,
    "No login for 5 s; x",
  ])("names no time in %j", (text) => {
    expect(parsePause(text)).toBeUndefined();
  });
});
