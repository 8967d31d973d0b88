import { describe, expect, it } from "vitest";

import { differencesOf } from "./differ.ts";

describe("differencesOf", () => {
  it("names the smallest places that differ, and nothing where both say the same", () => {
    const mine = { body: { kind: "drugs", persons: [{ sex: "M" }, { sex: "F" }] }, handling: "H1" };
    const theirs = { body: { kind: "drugs", persons: [{ sex: "M" }, { sex: "X" }] }, handling: "H2" };
    expect(differencesOf(mine, theirs).map(({ pointer, mine: a, theirs: b }) => [pointer, a, b])).toEqual([
      ["/body/persons/1/sex", "F", "X"],
      ["/handling", "H1", "H2"],
    ]);
    expect(differencesOf(mine, structuredClone(mine))).toEqual([]);
  });

  it("takes a sender's words as one thing, with their language", () => {
    const [found] = differencesOf({ n: { text: "a", lang: "en" } }, { n: { text: "a", lang: "fr" } });
    expect(found).toMatchObject({ pointer: "/n", theirs: { text: "a", lang: "fr" } });
  });

  it("tells what only one of them says", () => {
    expect(differencesOf({ a: [1, 2] }, { a: [1], b: "x" })).toMatchObject([
      { pointer: "/a/1", mine: 2, theirs: undefined },
      { pointer: "/b", mine: undefined, theirs: "x" },
    ]);
  });

  it("tells a list that became a text as a whole", () => {
    expect(differencesOf({ a: ["x"] }, { a: "x" })).toMatchObject([{ pointer: "/a", mine: ["x"], theirs: "x" }]);
  });
}); // prettier-ignore
