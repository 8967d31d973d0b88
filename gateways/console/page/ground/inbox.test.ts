import { describe, expect, it, vi } from "vitest";

// what is asked stands in the address alone: nothing of a browser is needed for it
vi.mock("./api.ts", () => ({ api: {}, had: (data: unknown) => data }));
const { askedOf, queryOf, viewOf } = await import("./inbox.ts");

describe("an address of the inbox", () => {
  it.each([
    [{}, { box: "in", order: "due" }],
    [{ view: "new" }, { box: "in", opened: "NO" }],
    [{ view: "flash", crime: "drugs" }, { box: "in", urgency: "FLASH", crime: "drugs" }],
    [{ view: "all", q: " boat ", handling: "H2", originator: "" }, { box: "in", q: "boat", handling: "H2" }],
    [{ view: "nonsense", cursor: "x", saved: "y", evil: "z" }, { box: "in", order: "due" }],
  ] as const)("%j asks the gateway for %j", (asked, query) => {
    expect(queryOf(asked)).toEqual(query);
  });

  it("is what a kept list leads back to", () => {
    for (const view of ["due", "new", "flash", "all"]) {
      const asked = { view, crime: "drugs", q: "boat" };
      const { saved, ...again } = askedOf({ id: "1", query: queryOf(asked) });
      expect([saved, again, viewOf(again)]).toEqual(["1", asked, view]);
    }
  });
}); // prettier-ignore
