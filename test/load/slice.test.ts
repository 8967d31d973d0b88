import { describe, expect, it } from "vitest";

import { feedsOfEach, planSlice, type SliceSize } from "./slice-plan.ts";
import { renderSlice } from "./slice-run.ts";

const whole: SliceSize = { accounts: 60, consumers: 500, feeds: 9 };

function feedsRead(size: SliceSize): readonly number[] {
  const { agencies, mandates } = planSlice(size, "au/hub-one");
  return agencies.map(({ agency }) => {
    const own = mandates.filter((one) => one.agency === agency && one.action === "READ" && one.scope !== "direct"); // prettier-ignore
    return new Set(own.map(({ scope }) => scope)).size;
  });
}

describe("a slice of the continent", () => {
  it.each([
    [whole],
    [{ accounts: 30, consumers: 250, feeds: 9 }],
    [{ accounts: 15, consumers: 125, feeds: 9 }],
    [{ accounts: 8, consumers: 36, feeds: 3 }],
  ])("%j has as many accounts and ways of reading as were asked for", (size) => {
    const read = feedsRead(size);
    expect(read).toEqual(feedsOfEach(size));
    expect(read.length).toBe(size.accounts);
    expect(read.reduce((sum, one) => sum + one, 0) + 2 * size.accounts).toBe(size.consumers);
  });

  it("reads every feed, and none by less than half as many agencies as another but the first, which all read", () => {
    const { mandates, recs } = planSlice(whole, "au/hub-one");
    const readers = recs.map(({ rec }) => new Set(mandates.filter((one) => one.scope === rec && one.action === "READ").map(({ agency }) => agency)).size); // prettier-ignore
    const [first, ...others] = readers;
    expect([readers.length, first]).toEqual([9, 60]);
    expect(Math.min(...others) * 2).toBeGreaterThan(Math.max(...others));
  });

  it("is told as a table: each figure at each size, by how much it grew, and what one account more added", () => {
    const figures = {
      ...whole, streams: 74, registerBytes: 100_000, serverIdleMb: 40, serverMb: 50, brokerIdleMb: 200, brokerMb: 220,
      consumersMs: 5_000, loginsMs: 1_000, registerMs: 900, messages: 600, messagesMs: 3_000, feedBytes: 1_453,
      receiptBytes: 208, logBytes: 214, brokerCpuMs: 1_200, serverCpuMs: 600, lost: 0,
    };
    const small = { ...figures, accounts: 20, serverIdleMb: 20 };
    expect(renderSlice([small, figures])).toContain("| server at rest, MB | 20 | 40 | × 2 | 0.5 |");
  }); // prettier-ignore
});
