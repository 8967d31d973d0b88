import { describe, expect, it } from "vitest";

import { openEnds, standingStates } from "../../test/kit/standing-states.ts";
import { workflows } from "./workflows/index.ts";

const states = workflows.flatMap(({ name, awaits, moves }) =>
  Object.entries(awaits).map(([state, dues]) => ({ name, state, dues, moves })),
);

describe("nothing ends silently", () => {
  it("in every state that is no end something is awaited, or it is in force and said what ends it", () => {
    const silent = states.filter(({ dues }) => dues.length === 0).map(({ name, state }) => `${name} ${state}`); // prettier-ignore
    expect(silent.toSorted()).toEqual(Object.keys(standingStates).toSorted());
  });

  it("an end in which something may still be said is known, and says what", () => {
    const ends = workflows.flatMap(({ name, first, awaits, moves }) => {
      const spoken = new Set([first, ...moves.flatMap(({ from }) => from)]);
      return [...spoken].filter((state) => awaits[state] === undefined).map((state) => `${name} ${state}`); // prettier-ignore
    });
    expect(ends.toSorted()).toEqual(Object.keys(openEnds).toSorted());
  });

  it("what is awaited of somebody he can say in that state", () => {
    const unable = states.flatMap(({ name, state, dues, moves }) =>
      dues
        .filter(
          ({ of }) =>
            !moves.some(({ from, by }) => from.includes(state) && (by === of || by === "EITHER")),
        ) // prettier-ignore
        .map(({ closing, of }) => `${name} ${state}: ${closing} of ${of}`),
    );
    expect(unable).toEqual([]);
  });

  it("what only stands can be ended by somebody, but for what its term ends", () => {
    const stuck = states
      .filter(({ dues }) => dues.length === 0)
      .filter(({ state, moves }) => !moves.some(({ from }) => from.includes(state)))
      .map(({ name, state }) => `${name} ${state}`);
    expect(stuck).toEqual([]);
  });
});
