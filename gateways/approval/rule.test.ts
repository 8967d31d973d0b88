import { describe, expect, it } from "vitest";

import type { TwoOfficersCase } from "../exchange/index.ts";
import type { PersonRow } from "../store/index.ts";
import { fourEyesShape, makeFourEyes } from "./rule.ts";

function draft(type: string, handling: string, sensitiveCategories: readonly string[] = []): TwoOfficersCase {
  return { type, header: { handling }, inner: { sensitiveCategories } } as TwoOfficersCase;
} // prettier-ignore

const approver = { state: "active", roles: ["approver"] } as unknown as PersonRow;
const storeWith = (...people: readonly PersonRow[]): Parameters<typeof makeFourEyes>[1] =>
  ({ people: { all: () => people } }) as unknown as Parameters<typeof makeFourEyes>[1];

describe("what takes two officers", () => {
  const usual = makeFourEyes(undefined, storeWith(approver));

  it.each([
    [draft("alert.incident", "H2"), ["HANDLING"]],
    [draft("fiu.request", "H3"), ["HANDLING"]],
    [draft("alert.incident", "H1"), []],
    // to withdraw, and to acknowledge, waits for nobody
    [draft("alert.cancel", "H2"), []],
    [draft("request.acknowledge", "H2"), []],
    // H3 says in words what nobody else can judge
    [draft("alert.cancel", "H3"), ["HANDLING"]],
    [draft("alert.incident", "H0", ["HEALTH"]), ["SENSITIVE"]],
    [draft("tip.identity", "H1"), ["SENSITIVE"]],
    [draft("alert.incident", "H9"), ["HANDLING"]],
  ])("by the usual rule %#", (one, reasons) => {
    expect(usual(one)).toEqual(reasons);
  });

  it("nothing where nobody is an approver and no rule was written; everything where one was", () => {
    const strict = draft("alert.incident", "H2");
    expect(makeFourEyes(undefined, storeWith())(strict)).toEqual([]);
    const gone = { ...approver, state: "suspended" };
    expect(makeFourEyes(undefined, storeWith(gone))(strict)).toEqual([]);
    expect(makeFourEyes(fourEyesShape.parse({}), storeWith())(strict)).toEqual(["HANDLING"]);
    expect(makeFourEyes("off", storeWith(approver))(strict)).toEqual([]);
  });

  it("types that the operator names, one or a family", () => {
    const rule = makeFourEyes(
      fourEyesShape.parse({ handlingFrom: "H3", types: ["fiu.*", "alert.update"] }),
      storeWith(),
    );
    expect(rule(draft("fiu.reply", "H0"))).toEqual(["TYPE"]);
    expect(rule(draft("alert.update", "H0"))).toEqual(["TYPE"]);
    expect(rule(draft("alert.incident", "H2"))).toEqual([]);
  });

  it.each([{ handlingFrom: "H9" }, { types: ["*"] }, { types: ["FIU.*"] }, { other: 1 }, "on"])(
    "a rule that is none is refused: %j",
    (given) => {
      expect(fourEyesShape.safeParse(given).success).toBe(false);
    },
  );
});
