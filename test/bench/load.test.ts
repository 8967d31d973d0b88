import { describe, expect, it } from "vitest";

import { runLoad } from "./load.ts";
import { sharedNow } from "./shared-clock.ts";

describe("runLoad", () => {
  it("a window never has more under way than its size, and does exactly the count", async () => {
    let underWay = 0;
    let most = 0;
    const seen = new Set<number>();
    const load = { kind: "window", window: 3, seconds: 0, count: 20 } as const;
    const done = await runLoad(load, async (index) => {
      underWay += 1;
      most = Math.max(most, underWay);
      seen.add(index);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    });
    expect({ done, most, seen: seen.size }).toEqual({ done: 20, most: 3, seen: 20 });
  });

  it("a rate begins each act no earlier than it is due, though none ends", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const early: number[] = [];
    let begun = 0;
    const load = { kind: "rate", perSecond: 2000, seconds: 0.05 } as const;
    const ended = runLoad(load, async (index, dueAt) => {
      begun += 1;
      if (sharedNow() < dueAt) early.push(index);
      if (begun === 100) resolve();
      await promise;
    });
    expect(await ended).toBe(100);
    expect(early).toEqual([]);
  });
});
