import { describe, expect, it } from "vitest";

import { parseBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { Fault } from "../../ground/index.ts";

type TableType = "tip.statistics" | "statistics.crime";

const tables = ["tip.statistics", "statistics.crime"] as const;

function refused(type: TableType, change: Record<string, unknown> = {}): readonly string[] {
  try {
    parseBody(type, { ...exampleOf(type).body, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return (error.violations ?? []).map(({ code, path }) => `${code} ${path}`);
  }
}

const exact = (indicator: string, count: number, dimensions: object = {}): object => ({
  indicator,
  count,
  treatment: "EXACT",
  ...dimensions,
});
const hidden = (indicator: string, dimensions: object = {}): object => ({
  indicator,
  treatment: "SUPPRESSED",
  ...dimensions,
});

describe.each(tables)("%s", (type) => {
  it("passes as its example has it", () => {
    expect(refused(type)).toEqual([]);
  });

  it("a figure of 1 to 10 persons is not shown", () => {
    const cells = [1, 10].map((count, at) =>
      exact("PERSONS_CONVICTED", count, { citizenship: ["BI", "CD"][at] }),
    );
    expect(refused(type, { cells })).toEqual([
      "RULE_STATISTICS_SMALL_CELL /cells/0/count",
      "RULE_STATISTICS_SMALL_CELL /cells/1/count",
    ]);
  });

  it.each([0, 11])("a figure of %i persons is shown", (count) => {
    expect(refused(type, { cells: [exact("PERSONS_CONVICTED", count)] })).toEqual([]);
  });

  it("a table may ask for more, and for less down to 5", () => {
    const cells = [exact("PERSONS_CONVICTED", 15)];
    expect(refused(type, { cells, smallestCell: 20 })).toEqual([
      "RULE_STATISTICS_SMALL_CELL /cells/0/count",
    ]);
    const few = [exact("PERSONS_CONVICTED", 6)];
    expect(refused(type, { cells: few, smallestCell: 5 })).toEqual([]);
    expect(refused(type, { cells: few, smallestCell: 4 })).toEqual([
      "SCHEMA_FIELD_RANGE /smallestCell",
    ]);
  });

  it("a small figure that is flagged is rounded to a multiple of 5", () => {
    const rounded = (count: number): readonly string[] =>
      refused(type, { cells: [{ indicator: "PERSONS_CONVICTED", count, treatment: "ROUNDED" }] });
    expect(rounded(5)).toEqual([]);
    expect(rounded(7)).toEqual(["RULE_STATISTICS_SMALL_CELL /cells/0/count"]);
  });

  it("an estimate hides nobody", () => {
    const cells = [{ indicator: "PERSONS_CONVICTED", count: 5, treatment: "ESTIMATED" }];
    expect(refused(type, { cells })).toEqual(["RULE_STATISTICS_SMALL_CELL /cells/0/count"]);
  });

  it("offences may be few, unless the cell tells about persons", () => {
    expect(refused(type, { cells: [exact("OFFENCES_RECORDED", 3)] })).toEqual([]);
    expect(refused(type, { cells: [exact("OFFENCES_RECORDED", 3, { sex: "F" })] })).toEqual([
      "RULE_STATISTICS_SMALL_CELL /cells/0/count",
    ]);
  });

  it("a suppressed cell has no figure, every other has one", () => {
    const cells = [
      { indicator: "PERSONS_CONVICTED", count: 40, treatment: "SUPPRESSED" },
      { indicator: "PERSONS_SUSPECTED", treatment: "EXACT" },
    ];
    expect(refused(type, { cells })).toEqual([
      "RULE_STATISTICS_CELL_COUNT /cells/0/count",
      "RULE_STATISTICS_CELL_COUNT /cells/1/count",
    ]);
  });

  it("the same thing is counted once", () => {
    const cells = [
      exact("PERSONS_CONVICTED", 40, { sex: "M" }),
      exact("PERSONS_CONVICTED", 41, { sex: "M" }),
    ];
    expect(refused(type, { cells })).toEqual(["RULE_STATISTICS_CELL_TWICE /cells/1"]);
  });

  it("a lone suppressed part of an exact total is refused, whichever dimension it is of", () => {
    for (const [name, one, two] of [
      ["sex", "M", "F"],
      ["ageBand", "ADULT", "MINOR"],
    ] as const) {
      const cells = [
        exact("PERSONS_CONVICTED", 40),
        exact("PERSONS_CONVICTED", 36, { [name]: one }),
        hidden("PERSONS_CONVICTED", { [name]: two }),
      ];
      expect(refused(type, { cells })).toEqual(["RULE_STATISTICS_RECOVERABLE /cells/2"]);
    }
  });

  it("two suppressed parts, a rounded part or a hidden total keep the secret", () => {
    const men = exact("PERSONS_CONVICTED", 36, { sex: "M" });
    const women = hidden("PERSONS_CONVICTED", { sex: "F" });
    const others = hidden("PERSONS_CONVICTED", { sex: "X" });
    const total = exact("PERSONS_CONVICTED", 40);
    const about = { indicator: "PERSONS_CONVICTED", count: 40, treatment: "ROUNDED" };
    expect(refused(type, { cells: [total, men, women, others] })).toEqual([]);
    expect(refused(type, { cells: [total, { ...about, sex: "M" }, women] })).toEqual([]);
    expect(refused(type, { cells: [about, men, women] })).toEqual([]);
    expect(refused(type, { cells: [men, women] })).toEqual([]);
  });
});

describe("a price in figures of crime", () => {
  const price = { amount: "42000", currency: "RWF" };
  const quantity = { value: "1", unit: "KG" };
  const wrong = ["RULE_STATISTICS_CELL_COUNT /cells/0/count"];

  it.each<[string, object, readonly string[]]>([
    ["of a unit of goods", { indicator: "PRICE", commodity: "IVORY", quantity, price, treatment: "ESTIMATED" }, []],
    ["of one person", { indicator: "PRICE", price, treatment: "EXACT" }, []],
    ["that is withheld", { indicator: "PRICE", treatment: "SUPPRESSED" }, []],
    ["that is withheld and told", { indicator: "PRICE", price, treatment: "SUPPRESSED" }, wrong],
    ["without one", { indicator: "PRICE", quantity, treatment: "EXACT" }, wrong],
    ["beside what is no price", { indicator: "SEIZURES", count: 3, price, treatment: "EXACT" }, wrong],
  ])("%s", (...row) => {
    const [, cell, broken] = row;
    expect(refused("statistics.crime", { cells: [cell] })).toEqual(broken);
  });
}); // prettier-ignore
