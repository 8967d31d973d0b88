import { describe, expect, it } from "vitest";

import { type LoginFigures, type LoginRun, renderLogins } from "./login.ts";

function run(perSecond: number, broker: number): LoginRun {
  const delays = { p50: 10, p99: 20, max: 30 };
  return { perSecond, failed: 0, delays, clients: 3, server: 2, broker, othersCores: 0.1 };
}

describe("what is told of logins", () => {
  it("is a line a run, the ratio, what one core could do, and one line of JSON", () => {
    const figures: LoginFigures = {
      callout: [run(300, 0.8)],
      bare: [run(400, 0)],
      perSecond: 300,
      barePerSecond: 400,
      ratio: 0.75,
      ofOneCore: 1250,
      failed: 0,
    };
    const lines = renderLogins(figures).trimEnd().split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[2]).toMatch(/^with callout +300 +10\.0 +20\.0 +3\.00 +2\.00 +0\.80 +0\.10 +0$/);
    expect(lines[4]).toBe("300 logins/s = 0.75 of the same without a callout; failed 0");
    expect(lines[5]).toContain("1250/s");
    expect(JSON.parse(lines[6] ?? "")).toEqual({ logins: figures });
  });
});
