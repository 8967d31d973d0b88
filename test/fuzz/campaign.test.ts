import { describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import { runCampaign } from "./campaign.ts";
import { renderTable } from "./report.ts";
import type { Target } from "./target.ts";

function planted(run: (input: Uint8Array) => unknown): Target {
  const seeds = [utf8("a good input, long enough to be changed in many places")];
  return { name: "planted", shape: "bytes", seeds, run };
}

const plan = { seed: 7, from: 0, runs: 400 };

describe("a campaign", () => {
  it("has exactly its runs, each of another number, and counts what was taken", async () => {
    const seen: number[] = [];
    const tally = await runCampaign(
      planted(() => undefined),
      { ...plan, runs: 401, onRun: (run) => seen.push(run) },
    );
    expect(tally).toMatchObject({ runs: 401, taken: 401 });
    expect(tally.finding).toBeUndefined();
    expect(seen).toEqual(Array.from({ length: 401 }, (_, run) => run));
  });

  it("finds memory that grows with every run", async () => {
    const kept: Uint8Array[] = [];
    const leaks = planted(() => kept.push(new Uint8Array(128 * 1024).fill(1)));
    const tally = await runCampaign(leaks, plan);
    expect(tally.finding?.what).toMatch(/the second half of 400 runs keeps \d+ MB/);
    expect(tally.peakGrownBytes).toBeGreaterThan(40 * 2 ** 20);
    expect(kept).toHaveLength(400);
  });

  it("passes over memory that has a limit, and over garbage", async () => {
    const kept: Uint8Array[] = [];
    const bounded = planted(() => {
      kept.push(new Uint8Array(512 * 1024).fill(1));
      if (kept.length > 60) kept.shift();
    });
    expect((await runCampaign(bounded, plan)).finding).toBeUndefined();
  });

  it("ends at a finding and leaves the rest", async () => {
    let runs = 0;
    const breaks = planted(() => {
      runs += 1;
      if (runs === 30) throw new TypeError("planted");
    });
    const tally = await runCampaign(breaks, plan);
    expect(tally.finding?.what).toContain("planted");
    expect(runs).toBe(30);
  });

  it("is told in a table with a line a target", () => {
    const usual = { target: "a", runs: 2000, ms: 1000, taken: 500, codes: new Set<string>(), slowestMs: 1.26, peakGrownBytes: 2 ** 20 };
    const finding = { target: "b", seed: 1, run: 1, input: utf8(""), what: "planted" };
    const [head, first, second] = renderTable([usual, { ...usual, target: "b", finding }]).split("\n");
    expect(head).toMatch(/^target +runs +runs\/s +taken +slowest ms +peak heap growth MB$/);
    expect(first).toMatch(/^a +2000 +2000 +25% +1\.3 +1\.0$/);
    expect(second).toMatch(/^b .*FOUND$/);
  }); // prettier-ignore
});
