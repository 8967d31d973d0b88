import { expect, it } from "vitest";

import { choose, noChoice, within } from "./choice.ts";

const list = ["a", "b", "c", "d", "e"];
const ids = (choice: { readonly ids: ReadonlySet<string> }): string =>
  list.filter((id) => choice.ids.has(id)).join("");

it("lines are chosen one by one, and as a range from the last, either way", () => {
  const one = choose(noChoice, list, { id: "b", isRange: false });
  const down = choose(one, list, { id: "d", isRange: true });
  expect([ids(one), ids(down)]).toEqual(["b", "bcd"]);
  expect(ids(choose(down, list, { id: "a", isRange: true }))).toBe("abcd");
  expect(ids(choose(down, list, { id: "c", isRange: false }))).toBe("bd");
  expect(ids(choose(choose(noChoice, list, { id: "d", isRange: true }), list, { id: "d", isRange: true }))).toBe("");
}); // prettier-ignore

it("what left the list is chosen no more, and no range begins there", () => {
  const both = choose(choose(noChoice, list, { id: "a", isRange: false }), list, { id: "e", isRange: false });
  expect(ids(within(both, ["a", "b"]))).toBe("a");
  expect(ids(choose(within(both, ["a", "b"]), ["a", "b"], { id: "b", isRange: true }))).toBe("ab");
}); // prettier-ignore
