import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { type CountedCell, hideCells } from "./index.ts";

const smallest = 5;
const names = ["rec", "crime"];

function draw(seed: string): readonly CountedCell[] {
  const chance = makeSeededChance(seed);
  const below = (limit: number): number => (chance.bytes(1)[0] ?? 0) % limit;
  return ["a", "b", "c", "d"].flatMap((rec) =>
    ["x", "y", "z"].flatMap((crime) => (below(5) === 0 ? [] : [{ of: { rec, crime }, count: below(2) === 0 ? below(4) : 4 + below(40) }])),
  );
} // prettier-ignore

describe("cells that are withheld", () => {
  it("are no small one less, and on each line two at least that are together not small, or the whole line", () => {
    let more = 0;
    for (let i = 0; i < 300; i += 1) {
      const cells = draw(`cells ${i}`);
      const hidden = hideCells(cells, names, smallest);
      const small = cells.flatMap(({ count }, at) => (count > 0 && count < smallest ? [at] : []));
      expect(small.filter((at) => !hidden.has(at))).toEqual([]);
      more += hidden.size - small.length;
      for (const name of names) {
        const lines = Map.groupBy(cells.keys(), (at) => JSON.stringify({ ...cells[at]!.of, [name]: "" })); // prettier-ignore
        for (const line of lines.values()) {
          const own = line.filter((at) => hidden.has(at));
          const sum = own.reduce((all, at) => all + cells[at]!.count, 0);
          const isSafe =
            own.length === 0 || own.length === line.length || (own.length >= 2 && sum >= smallest);
          expect(isSafe, `cells ${i}`).toBe(true);
        }
      }
    }
    expect(more).toBeGreaterThan(100);
  });

  it("are none where none is small, and nought is not small", () => {
    const cells = [0, 5, 9].map((count, at) => ({ of: { rec: String(at) }, count }));
    expect(hideCells(cells, ["rec"], smallest).size).toBe(0);
    expect(hideCells([{ of: {}, count: 3 }], [], smallest)).toEqual(new Set([0]));
    expect(hideCells([{ of: {}, count: 3 }], [], 0).size).toBe(0);
  });
});
