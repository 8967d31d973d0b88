import { beforeAll, describe, expect, it } from "vitest";

import { type Played, playWeek } from "./run.ts";

let played: Played;

beforeAll(async () => {
  played = await playWeek({
    size: { states: ["ng", "gh", "sn", "lr", "tg"], fiu: ["ng", "gh"], moc: [], central: [] },
    messages: 100,
    stepHours: 12,
    seed: "short",
    cut: ["lr/tcu"],
    revoked: "tg/tcu",
    left: "sn",
    tell: () => undefined,
  });
}, 600_000);

describe("a week with a line cut for three days, an agency revoked and a state that leaves", () => {
  it("ends with one account of every message: its sender's, the hub's and each reader's", () => {
    const { reckoning, ledger } = played;
    expect(reckoning.wrong).toEqual([]);
    expect(reckoning.sent).toBeGreaterThanOrEqual(100);
    const named = [...reckoning.open.values()].reduce((sum, one) => sum + one, 0);
    expect(reckoning.delivered + named).toBe(reckoning.copies);
    // what was cut, revoked and left is a small part of it
    expect(reckoning.delivered).toBeGreaterThan(reckoning.copies / 2);
    expect(ledger.events).toHaveLength(5);
  });

  it("leaves matters open, each of which says whom it waits for, and what is late", () => {
    expect(played.reckoning.matters).toBeGreaterThan(0);
    expect(played.reckoning.overdue).toBeGreaterThan(0);
  });
});
