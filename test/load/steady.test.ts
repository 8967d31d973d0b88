import { describe, expect, it } from "vitest";

import { runSteady } from "./steady.ts";

describe("L1: a steady load over three servers", () => {
  it("every alert is accepted, comes to both others once, and is proved", async () => {
    const { sent, lost, twice, times } = await runSteady({ servers: 3, rate: 30, seconds: 8 });
    expect({ sent, lost, twice }).toEqual({ sent: 240, lost: 0, twice: 0 });
    expect(times).toHaveLength(sent);
    expect(times.every((ms) => Number.isFinite(ms))).toBe(true);
  }, 600_000);

  it("so is every one that was made before, over links without stores", async () => {
    const plan = { servers: 1, rate: 30, seconds: 4, isPrepared: true };
    const { sent, lost, twice } = await runSteady(plan);
    expect({ sent, lost, twice }).toEqual({ sent: 120, lost: 0, twice: 0 });
  }, 600_000);
});
