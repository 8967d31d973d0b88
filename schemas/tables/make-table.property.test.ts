import { describe, expect, it } from "vitest";

import { makeDice } from "../../test/kit/dice.ts";
import { makeTable, type Unit } from "./make-table.ts";
import type { Cell, TablePlan } from "./tally.ts";

const plan: TablePlan = {
  dimensions: ["sex", "age", "form"],
  pairs: [
    ["sex", "age"],
    ["age", "form"],
  ],
  silent: ["form"],
  smallest: 5,
  unknown: "U",
};
const values: Readonly<Record<string, readonly string[]>> = {
  sex: ["F", "M"],
  age: ["A", "C", "U"],
  form: ["1", "2"],
};
const worlds = 150;

/** Some populations are even, some have all but a few in one place: there the small figures are. */
function draw(seed: string): readonly Unit[] {
  const dice = makeDice(seed);
  const skew = 1 + dice(6);
  const pick = (name: string): string =>
    values[name]![Math.max(0, dice(values[name]!.length + skew) - skew)]!;
  return Array.from({ length: dice(90) }, (_, i) => {
    const under: Record<string, string> = { sex: pick("sex"), form: pick("form") };
    const age = pick("age");
    if (age !== "U") under["age"] = age;
    return { under, count: dice(9) === 0 ? 2 : 1, messages: [`m${i % 40}`] };
  });
}

/** The same population, each of it told of in several parts: what a figure shows is no longer what it tells of. */
function inParts(units: readonly Unit[], seed: string): readonly Unit[] {
  const dice = makeDice(seed);
  return units.flatMap((unit, i) =>
    Array.from({ length: 1 + dice(3) }, (): Unit => ({ ...unit, count: 1 + dice(4), whole: `w${i}` })),
  );
} // prettier-ignore

function isUnder(unit: Unit, under: Cell["under"]): boolean {
  return Object.entries(under).every(([name, value]) => (unit.under[name] ?? "U") === value);
}

function countIn(units: readonly Unit[], under: Cell["under"]): number {
  return units.filter((unit) => isUnder(unit, under)).reduce((sum, { count }) => sum + count, 0);
}

const atoms = values["sex"]!.flatMap((sex) =>
  values["age"]!.flatMap((age) => values["form"]!.map((form) => ({ sex, age, form }))),
);
const prime = 1_000_003;

function inverse(value: number): number {
  let [result, base, power] = [1, value, prime - 2];
  while (power > 0) {
    if (power % 2 === 1) result = (result * base) % prime;
    base = (base * base) % prime;
    power = Math.floor(power / 2);
  }
  return result;
}

/** What is left of a row when all that is known is taken from it: nothing of what follows from it. */
function reduce(row: readonly number[], known: ReadonlyMap<number, readonly number[]>): number[] {
  const left = [...row];
  for (const [at, line] of known) {
    const times = left[at]!;
    if (times !== 0)
      for (const i of left.keys()) left[i] = (left[i]! + (prime - times) * line[i]!) % prime;
  }
  return left;
}

/** The counts as equations over all combinations of the three dimensions. */
function knownOf(rows: readonly (readonly number[])[]): ReadonlyMap<number, readonly number[]> {
  const known = new Map<number, readonly number[]>();
  for (const row of rows) {
    const left = reduce(row, known);
    const at = left.findIndex((one) => one !== 0);
    if (at < 0) continue;
    const scale = inverse(left[at]!);
    const line = left.map((one) => (one * scale) % prime);
    for (const [other, before] of known) {
      const times = before[at]!;
      known.set(
        other,
        before.map((one, i) => (one + (prime - times) * line[i]!) % prime),
      );
    }
    known.set(at, line);
  }
  return known;
}

/** Every group of persons whose number follows from the cells, for who knows which combinations nobody is in by what was told. */
function derived(units: readonly Unit[], cells: readonly Cell[]): readonly number[] {
  const isTold = (names: readonly string[]): boolean =>
    cells.some(({ under }) => names.every((name) => name in under));
  const groups = [["sex"], ["age"], ["form"], ...plan.pairs.filter(isTold)];
  const possible = atoms.filter((atom) =>
    groups.every(
      (names) =>
        countIn(units, Object.fromEntries(names.map((name) => [name, atom[name as "sex"]]))) > 0,
    ),
  );
  const rows = cells.flatMap(({ under, count }) =>
    count === undefined
      ? []
      : [
          possible.map((atom) =>
            Object.entries(under).every(([name, value]) => atom[name as "sex"] === value) ? 1 : 0,
          ),
        ],
  );
  const known = knownOf(rows);
  const counts = possible.map((atom) => countIn(units, atom));
  const found: number[] = [];
  for (let subset = 1; subset < 2 ** possible.length; subset += 1) {
    const row = possible.map((_, i) => (subset >> i) & 1);
    if (reduce(row, known).every((one) => one === 0))
      found.push(row.reduce((sum, one, i) => sum + one * counts[i]!, 0));
  }
  return found;
}

describe("tables drawn at random", () => {
  it("no group of fewer persons than the threshold follows from what is told, by whatever adding and subtracting", () => {
    let hidden = 0;
    for (let i = 0; i < worlds; i += 1) {
      const units = draw(`table ${i}`);
      const cells = makeTable(units, plan);
      hidden += cells.filter(({ count }) => count === undefined).length;
      const small = derived(units, cells).filter((count) => count > 0 && count < plan.smallest);
      expect(small, `table ${i}`).toEqual([]);
    }
    // there was something to find
    expect(hidden).toBeGreaterThan(worlds / 3);
  });

  it("nor does one of fewer cases follow where each case is counted by its many events", () => {
    let hidden = 0;
    for (let i = 0; i < worlds / 5; i += 1) {
      const cases = draw(`cases ${i}`).map((one): Unit => ({ ...one, count: 1 }));
      const cells = makeTable(inParts(cases, `events ${i}`), plan);
      hidden += cells.filter(({ count }) => count === undefined).length;
      const small = derived(cases, cells).filter((count) => count > 0 && count < plan.smallest);
      expect(small, `cases ${i}`).toEqual([]);
    }
    expect(hidden).toBeGreaterThan(worlds / 15);
    // events counted as if they were cases are found out by the same attack
    const few = draw("cases 1").slice(0, 3).map((one): Unit => ({ ...one, count: 1 }));
    const naive = makeTable(inParts(few, "x").map((one): Unit => ({ ...one, whole: undefined, count: 9 })), plan);
    expect(derived(few, naive).some((count) => count > 0 && count < plan.smallest)).toBe(true);
  });

  it("who tells a pair of which a part is withheld, or a lone small class, is found out by the same attack", () => {
    const units = [...Array(20).keys()].map((i): Unit => ({ under: { sex: i < 18 ? "F" : "M", age: i < 18 ? "A" : "C", form: "1" }, count: 1, messages: [] }));
    const told = [{ under: {}, count: 20 }, { under: { sex: "F" }, count: 18 }];
    expect(derived(units, told)).toContain(2);
    const mixed = draw("table 3").concat(draw("table 4"));
    const naive = [{}, { sex: "F" }, { age: "A" }, { sex: "F", age: "A" }].map((under) => ({ under, count: countIn(mixed, under) }));
    expect(derived(mixed, naive).length).toBeGreaterThan(naive.length);
  });

  it("what is told is what a plain count finds, and so is the number of messages", () => {
    for (let i = 0; i < worlds; i += 1) {
      const units = draw(`table ${i}`);
      for (const { under, count, messages } of makeTable(units, plan)) {
        if (count === undefined) continue;
        const own = units.filter((unit) => isUnder(unit, under));
        expect([count, messages]).toEqual([countIn(units, under), new Set(own.flatMap((one) => one.messages)).size]);
      }
    }
  });

  it("one person more or less changes nothing that is told of a class below the threshold, whatever its number", () => {
    const of = (men: number): readonly Cell[] =>
      makeTable([...Array(30 + men).keys()].map((i): Unit => ({ under: { sex: i < 30 ? "F" : "M" }, count: 1, messages: [`m${i}`] })), { ...plan, dimensions: ["sex"], pairs: [] });
    for (const men of [1, 2, 4]) {
      expect(of(men)).toEqual([{ under: {}, count: 30 + men, messages: 30 + men }, { under: { sex: "F" } }, { under: { sex: "M" } }]);
    }
  });
}); // prettier-ignore
