import { describe, expect, it } from "vitest";

import { makeSlices } from "./slices.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("makeSlices", () => {
  it("hands on everything once, in order, a few in a turn", async () => {
    const handled: number[] = [];
    const slices = makeSlices<number>((item) => {
      handled.push(item);
      if (item === 4) slices.add(5);
    }, 2);
    for (const item of [1, 2, 3, 4]) slices.add(item);
    expect(handled).toEqual([]);
    await nextTurn();
    expect(handled).toEqual([1, 2]);
    await nextTurn();
    await nextTurn();
    expect(handled).toEqual([1, 2, 3, 4, 5]);
    slices.add(6);
    await nextTurn();
    expect(handled).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
