import { describe, expect, it } from "vitest";

import { addDecimals } from "./decimals.ts";
import { makeTable, type Unit } from "./make-table.ts";
import type { TablePlan } from "./tally.ts";

const plan: TablePlan = {
  dimensions: ["sex", "from"],
  pairs: [],
  silent: ["from"],
  smallest: 11,
  unknown: "UNKNOWN",
};

function people(groups: readonly (readonly [number, Unit["under"]])[]): readonly Unit[] {
  return groups.flatMap(([count, under], g) =>
    Array.from({ length: count }, (_, i) => ({ under, count: 1, messages: [`${g}-${i}`] })),
  );
}

function told(units: readonly Unit[], change: Partial<TablePlan> = {}): readonly string[] {
  return makeTable(units, { ...plan, ...change }).map(
    ({ under, count }) => `${Object.values(under).join(" ")} ${count ?? "-"}`,
  );
}

describe("a table", () => {
  it("of nobody has no cell", () => {
    expect(told([])).toEqual([]);
  });

  it("of fewer than the threshold tells that, and nothing else", () => {
    expect(told(people([[10, { sex: "F" }]]))).toEqual([" -"]);
    expect(told(people([[11, { sex: "F" }]]))).toEqual([" 11", "F 11", "UNKNOWN 11"]);
  });

  it("withholds a second class where a lone small one would follow by subtraction", () => {
    const units = people([
      [40, { sex: "F", from: "NG" }],
      [20, { sex: "M", from: "NG" }],
      [2, { sex: "X", from: "NG" }],
    ]);
    expect(told(units)).toEqual([" 62", "F 40", "M -", "X -", "NG 62"]);
  });

  it("withholds more as long as those withheld are together below the threshold", () => {
    const units = people([
      [40, { sex: "F" }],
      [14, { sex: "M" }],
      [3, { sex: "X" }],
      [4, {}],
    ]);
    expect(told(units, { dimensions: ["sex"] })).toEqual([
      " 61",
      "F 40",
      "M -",
      "UNKNOWN -",
      "X -",
    ]);
  });

  it("does not tell of which countries it withholds a figure", () => {
    const units = people([
      [40, { from: "NG" }],
      [12, { from: "BJ" }],
      [1, { from: "BI" }],
    ]);
    expect(told(units, { dimensions: ["from"] })).toEqual([" 53", "NG 40"]);
  });

  it("tells a pair whole or not at all", () => {
    const pairs = [["sex", "from"]] as const;
    const whole = people([
      [20, { sex: "F", from: "NG" }],
      [20, { sex: "M", from: "NG" }],
    ]);
    expect(told(whole, { pairs })).toEqual([" 40", "F 20", "M 20", "NG 40", "F NG 20", "M NG 20"]);
    const part = people([
      [20, { sex: "F", from: "NG" }],
      [14, { sex: "M", from: "NG" }],
      [6, { sex: "M", from: "BJ" }],
      [15, { sex: "F", from: "BJ" }],
    ]);
    expect(told(part, { pairs })).toEqual([" 55", "F 35", "M 20", "BJ 21", "NG 34"]);
  });

  it("holds the threshold against the wholes that units are parts of, each once", () => {
    const events = (cases: number, each: number): readonly Unit[] =>
      Array.from({ length: cases * each }, (_, i) => ({
        under: { sex: "F", from: "NG" },
        count: 2,
        messages: [`m${i}`],
        whole: `case ${i % cases}`,
      }));
    expect(told(events(10, 3))).toEqual([" -"]);
    expect(told(events(11, 3))).toEqual([" 66", "F 66", "NG 66"]);
    expect(told([...events(11, 1), ...people([[1, { sex: "M", from: "NG" }]])])).toEqual([
      " 23",
      "F -",
      "M -",
      "NG 23",
    ]);
  });

  it("of things withholds nothing", () => {
    expect(told(people([[1, { sex: "F" }]]), { smallest: 0 })).toEqual([" 1", "F 1", "UNKNOWN 1"]);
  });
});

describe("decimals", () => {
  it("are added exactly, and written as bodies write them", () => {
    expect(addDecimals(["0.1", "0.2"])).toBe("0.3");
    expect(addDecimals(["154.6", "45.4"])).toBe("200");
    expect(addDecimals([])).toBe("0");
    expect(addDecimals(["1", "-1.000000001"])).toBe("-0.000000001");
  });
});
