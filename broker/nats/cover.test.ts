import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Box, coverExactly, makeGrid, type Point } from "./cover.ts";

function holds(box: Box, point: Point): boolean {
  return box.every((value, axis) => value === undefined || value === point[axis]);
}

function meet(a: Box, b: Box): boolean {
  return a.every((value, axis) => {
    const other = b[axis];
    return value === undefined || other === undefined || value === other;
  });
}

/** Renumbers each axis from 0 on without gaps, as a universe is counted. */
function compact(points: readonly Point[]): readonly Point[] {
  const seen = [0, 1, 2, 3].map(() => new Map<number, number>());
  return points.map((one) =>
    one.map((value, axis) => {
      const numbers = seen[axis] ?? new Map<number, number>();
      if (!numbers.has(value)) numbers.set(value, numbers.size);
      return numbers.get(value) ?? 0;
    }),
  );
}

const point = fc.tuple(fc.nat(3), fc.nat(2), fc.nat(3), fc.nat(4));

describe("coverExactly", () => {
  it("covers every wanted point, no unwanted one of the universe, and none twice", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { selector: String, maxLength: 60 }),
        fc.infiniteStream(fc.boolean()),
        (drawn, flags) => {
          const universe = compact(drawn);
          const isWanted = universe.map(() => flags.next().value);
          const boxes = coverExactly(makeGrid(universe), isWanted);
          for (const [i, one] of universe.entries()) {
            const covering = boxes.filter((box) => holds(box, one)).length;
            expect(covering).toBe(isWanted[i] === true ? 1 : 0);
          }
          for (const [i, box] of boxes.entries()) {
            expect(boxes.slice(i + 1).filter((other) => meet(box, other))).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("what is free may be in a box or not, and nothing else changes but that boxes are fewer", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { selector: String, maxLength: 60 }),
        fc.infiniteStream(fc.boolean()),
        fc.nat(4),
        (drawn, flags, own) => {
          const universe = compact(drawn);
          const isFree = universe.map((one) => one[3] === own);
          const isWanted = universe.map((_, i) => flags.next().value && isFree[i] !== true);
          const boxes = coverExactly(makeGrid(universe), isWanted, isFree);
          for (const [i, one] of universe.entries()) {
            const covering = boxes.filter((box) => holds(box, one)).length;
            if (isFree[i] === true) expect(covering).toBeLessThanOrEqual(1);
            else expect(covering).toBe(isWanted[i] === true ? 1 : 0);
          }
          expect(boxes.length).toBeLessThanOrEqual(
            coverExactly(makeGrid(universe), isWanted).length,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("nothing is covered for the sake of what is free alone", () => {
    const grid = makeGrid([[0, 0], [0, 1]]); // prettier-ignore
    expect(coverExactly(grid, [false, false], [true, false])).toEqual([]);
    expect(coverExactly(grid, [false, true], [true, false])).toEqual([[undefined, undefined]]);
  });

  it("a universe that is wanted whole is one box over all of it", () => {
    const grid = makeGrid([[0, 0], [1, 1]]); // prettier-ignore
    expect(coverExactly(grid, [true, true])).toEqual([[undefined, undefined]]);
  });

  it("what is wanted along one axis becomes one box there", () => {
    const grid = makeGrid([[0, 0], [0, 1], [1, 0], [1, 1]]); // prettier-ignore
    expect(coverExactly(grid, [true, true, false, false])).toEqual([[0, undefined]]);
  });

  it("one who is wanted whole among many wanted in part does not multiply the boxes", () => {
    const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const universe = numbers.flatMap((a) =>
      numbers.flatMap((b) => [0, 1, 2].map((c) => [a, b, c])),
    );
    const isWanted = universe.map(([a = 0, b = 0]) => b === 0 || a < 2);
    expect(coverExactly(makeGrid(universe), isWanted)).toHaveLength(2 + 8);
  });

  it("nothing wanted, or nothing there, is no box", () => {
    expect(coverExactly(makeGrid([[0], [1]]), [false, false])).toEqual([]);
    expect(coverExactly(makeGrid([]), [])).toEqual([]);
  });
});
