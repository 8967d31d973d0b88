import { beforeAll, describe, expect, it } from "vitest";

import { quantile, runStorm, type StormReport } from "../load/storm.ts";

/**
 * T-20 in short: counts and shares, no times; `node test/load/main.ts` measures those.
 */
const plan = {
  large: 120,
  tiny: 20_000,
  badSignatures: 1_500,
  idle: 200,
  alerts: 40,
  everyMs: 100,
};
let report: StormReport;

beforeAll(async () => {
  report = await runStorm(plan);
}, 240_000);

describe("T-20 one agency far beyond its quota", () => {
  it("loses nobody else a message", () => {
    expect(report.lost).toBe(0);
    expect(report.storm).toHaveLength(plan.alerts);
    expect(quantile(report.storm, 1)).toBeLessThan(Infinity);
  });

  it("is judged no oftener than its refusals allow; the rest is dropped unlooked at", () => {
    const sent = plan.large + plan.tiny + plan.badSignatures;
    expect(report.heldBack).toBeGreaterThan(sent / 2);
    expect(report.refused).toBeLessThan(sent / 2);
    expect(report.refused).toBeGreaterThan(0);
  });

  it("fills no more of the server than its intake has room for", () => {
    // the intake in memory, what the server holds for one connection, and its own
    expect(report.serverGrewMb).toBeLessThan(128 + 64 + 208);
  });
});
