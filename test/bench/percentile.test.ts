import { describe, expect, it } from "vitest";

import { median, spreadOf } from "./percentile.ts";

describe("spreadOf", () => {
  it("names the middle, the slowest hundredth and the slowest, whatever the order", () => {
    const delays = Array.from({ length: 200 }, (_, i) => 199 - i);
    expect(spreadOf(delays)).toEqual({ p50: 100, p99: 198, max: 199 });
  });

  it("of one delay is that delay, and of none is no number", () => {
    expect(spreadOf([7])).toEqual({ p50: 7, p99: 7, max: 7 });
    expect(spreadOf([]).p50).toBeNaN();
  });
});

describe("median", () => {
  it("is not moved by one wild value", () => {
    expect(median([3, 900, 2])).toBe(3);
    expect(median([4, 1])).toBe(1);
    expect(median([])).toBeNaN();
  });
});
