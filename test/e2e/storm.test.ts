import { beforeAll, describe, expect, it } from "vitest";

import { hubLimits } from "../../broker/index.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
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
  isToTheEnd: true,
};
let report: StormReport;

beforeAll(async () => {
  // nothing is forgotten by and by: however slowly it comes here, so much is a flood
  const setBack = changeHubLimits({ floodUnitsPerSecond: 1 });
  report = await runStorm(plan).finally(setBack);
}, 600_000);

describe("T-20 one agency far beyond its quota", () => {
  it("loses nobody else a message", () => {
    expect(report.lost).toBe(0);
    expect(report.storm).toHaveLength(plan.alerts);
    expect(quantile(report.storm, 1)).toBeLessThan(Infinity);
  });

  it("is shut out, and judged no oftener before than its refusals allow; the rest is not looked at", () => {
    const { sent, closed } = report.tally;
    expect(closed).toBeGreaterThan(0);
    // one more may come just as it ends by itself
    expect([closed, closed + 1]).toContain(report.paused);
    expect(report.refused + report.heldBack).toBeLessThan(sent);
    expect(report.refused).toBeGreaterThan(0);
  });

  it("waits in its own queue, as much as that holds, and nobody else's fills", () => {
    expect(report.floodWaited).toBeGreaterThan(0);
    expect(report.floodWaited).toBeLessThanOrEqual(hubLimits.intakeMaxMessages);
    expect(report.othersWaited).toBeLessThan(plan.alerts);
  });

  it("fills no more of the server than its intake has room for", () => {
    // what the server holds for its connections, and its own
    const room = (hubLimits.intakeMaxBytes + hubLimits.maxPendingBytes) / 2 ** 20;
    expect(report.serverGrewMb).toBeLessThan(room + 128);
  });
});
