import { describe, expect, it } from "vitest";

import { hubLimits } from "../nats/index.ts";
import { makeFloodCounts, type Seen } from "./counts.ts";

const agency = "ng/tcu";
const { floodUnitsPerSecond, floodWindowUnits } = hubLimits;

function seen(messages: number, answers = 0, bytes = messages * 100): Seen {
  return { messages, bytes, answers };
}

/** Counts that know the agency, with nothing sent yet. */
function start(): ReturnType<typeof makeFloodCounts> {
  const counts = makeFloodCounts();
  counts.note(agency, { seen: seen(0), taken: 0, at: 0 });
  return counts;
}

describe("makeFloodCounts", () => {
  it("counts what nobody took and nothing was handed out for", () => {
    const counts = start();
    expect(counts.note(agency, { seen: seen(5_000), taken: 1_000, at: 1 })).toBe(4_000);
    expect(counts.note(agency, { seen: seen(6_000, 500), taken: 1_000, at: 1 })).toBe(4_500);
  });

  it("counts nothing of what was taken, however much it is, nor of acknowledgements", () => {
    const counts = start();
    for (let at = 1; at <= 100; at += 1) {
      const level = counts.note(agency, { seen: seen(20_000 * at, 10_000 * at), taken: 10_000 * at, at }); // prettier-ignore
      expect(level).toBe(0);
    }
  });

  it("counts bytes: of the largest a few are a flood, of those taken none is", () => {
    const counts = start();
    const bytes = 100 * 64 * 4_096;
    expect(counts.note(agency, { seen: seen(100, 0, bytes), taken: 50, at: 0 })).toBe(3_200);
    counts.forget(agency);
    counts.note(agency, { seen: seen(100, 0, bytes), taken: 50, at: 0 });
    expect(counts.note(agency, { seen: seen(200, 0, 2 * bytes), taken: 150, at: 0 })).toBe(0);
  });

  it("takes back what waited and was taken later, and forgets a little each second", () => {
    const counts = start();
    expect(counts.note(agency, { seen: seen(3_000), taken: 0, at: 0 })).toBe(3_000);
    expect(counts.note(agency, { seen: seen(3_000), taken: 1_000, at: 0 })).toBe(2_000);
    const level = counts.note(agency, { seen: seen(3_000), taken: 1_000, at: 1_000 });
    expect(level).toBe(2_000 - floodUnitsPerSecond);
  });

  it("gives nobody credit for what was taken or handed out before", () => {
    const counts = start();
    expect(counts.note(agency, { seen: seen(10, 50_000), taken: 0, at: 0 })).toBe(0);
    expect(counts.note(agency, { seen: seen(5_010, 50_000), taken: 0, at: 0 })).toBe(5_000);
  });

  it.each([
    ["the server began anew", seen(40_000), 0],
    ["the intake began anew", seen(90_000), 3],
  ])("begins anew when %s", (_, now, taken) => {
    const counts = makeFloodCounts();
    counts.note(agency, { seen: seen(50_000), taken: 10, at: 0 });
    expect(counts.note(agency, { seen: now, taken, at: 1 })).toBe(0);
    const more = { ...now, messages: now.messages + 9_000 };
    expect(counts.note(agency, { seen: more, taken, at: 1 })).toBeGreaterThan(8_000);
  });

  it("says when the intake has to be looked at: at first, after a window, and now and then", () => {
    const counts = makeFloodCounts();
    expect(counts.isDue(agency, seen(0), 0)).toBe(true);
    counts.note(agency, { seen: seen(0), taken: 0, at: 0 });
    expect(counts.isDue(agency, seen(0), 60_000)).toBe(false);
    expect(counts.isDue(agency, seen(floodWindowUnits - 1), 1)).toBe(false);
    expect(counts.isDue(agency, seen(floodWindowUnits), 1)).toBe(true);
    expect(counts.isDue(agency, seen(9_000, 9_000), 1)).toBe(false);
    expect(counts.isDue(agency, seen(9_000, 9_000), 30_000)).toBe(true);
    expect(counts.isDue(agency, seen(-1), 1)).toBe(true);
    counts.note(agency, { seen: seen(floodWindowUnits), taken: 0, at: 2 });
    expect(counts.isDue(agency, seen(floodWindowUnits), 3)).toBe(true);
  });
});
