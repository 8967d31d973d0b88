import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { median, welch } from "./statistics.ts";

const chance = makeSeededChance("statistics");

/** About a normal distribution. */
function sample(count: number, middle: number): readonly number[] {
  return Array.from({ length: count }, () => {
    const sum = chance.bytes(12).reduce((total, byte) => total + byte / 256, 0);
    return middle + (sum - 6) * 10;
  });
}

describe("median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe("welch", () => {
  it("samples of one distribution seldom look different", () => {
    const found = Array.from({ length: 200 }, () => welch(sample(300, 100), sample(300, 100)));
    const seldom = found.filter((p) => p < 0.01).length;
    expect(seldom).toBeLessThan(12);
    expect(median(found)).toBeGreaterThan(0.3);
  });

  it("samples whose middles lie half a deviation apart always do", () => {
    expect(welch(sample(300, 100), sample(300, 105))).toBeLessThan(0.0001);
  });

  it("knows the value of a table: two deviations apart by chance in 4.6 of 100", () => {
    // means 0 and 2, each with a standard error of √½
    const at = (middle: number): readonly number[] =>
      Array.from({ length: 1000 }, (_, i) => middle + (i % 2 === 0 ? -1 : 1) * 22.36);
    expect(welch(at(0), at(2))).toBeGreaterThan(0.01);
    expect(welch([1, 1, 1], [1, 1, 1])).toBe(1);
  });
});
