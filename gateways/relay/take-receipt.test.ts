import { describe, expect, it } from "vitest";

import { spansOf } from "./take-receipt.ts";

const line = {
  channel: "direct.a",
  series: 3,
  sequence: 9,
  slipDigest: new Uint8Array(32),
  missing: [] as number[],
};

function numbers(differs: Partial<typeof line & { readonly from: number }>): readonly string[] {
  return spansOf("ng/tcu", { ...line, ...differs }).map(({ from, to }) => `${from}-${to}`);
}

describe("what a reader's line says that he holds", () => {
  it("is all up to its number, but for what is missing and what it says nothing of", () => {
    expect(numbers({})).toEqual(["1-9"]);
    expect(numbers({ missing: [4, 1] })).toEqual(["2-3", "5-9"]);
    expect(numbers({ missing: [9], from: 3 })).toEqual(["3-8"]);
    expect(numbers({ missing: [2, 12], from: 3 })).toEqual(["3-9"]);
    expect(numbers({ missing: [1], sequence: 1 })).toEqual([]);
  });
});
