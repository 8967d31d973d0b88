import { describe, expect, it } from "vitest";

import type { ReleaseRule } from "../../schemas/index.ts";
import { isReleased, type ReleaseQuestion } from "./release.ts";

const allow: ReleaseRule = {
  effect: "ALLOW",
  originators: [],
  authorities: ["gh"],
  kinds: ["TCU"],
  agencies: [],
  types: ["alert.*"],
  crimes: ["drugs"],
  askedAssurances: [],
  handlingUpTo: "H1",
  from: 100,
  until: 200,
};
const question: ReleaseQuestion = {
  originator: "ng/tcu",
  reader: { agency: "gh/tcu", authority: "gh", kind: "TCU" },
  type: "alert.incident",
  crime: "drugs",
  handling: "H1",
  at: 150,
};

describe("isReleased", () => {
  it("what a line allows is released", () => {
    expect(isReleased([allow], question)).toBe(true);
  });

  it("what no line allows is not", () => {
    expect(isReleased([], question)).toBe(false);
    const others: Partial<ReleaseQuestion>[] = [
      { reader: { agency: "sn/tcu", authority: "sn", kind: "TCU" } },
      { reader: { agency: "gh/moc", authority: "gh", kind: "MOC" } },
      { type: "bulletin.red_flag" },
      { crime: "arms" },
      { handling: "H2" },
      { at: 99 },
      { at: 200 },
    ];
    for (const other of others) expect(isReleased([allow], { ...question, ...other })).toBe(false);
  });

  it("a line that denies wins over every line that allows", () => {
    const deny = { ...allow, effect: "DENY", types: [], crimes: [] };
    expect(isReleased([allow, deny, allow], question)).toBe(false);
  });

  it("a line for one originator speaks of no other", () => {
    expect(isReleased([{ ...allow, originators: ["ng/moc"] }], question)).toBe(false);
    expect(isReleased([{ ...allow, originators: ["ng/tcu"] }], question)).toBe(true);
  });

  it("of sealed content, a denial that names a type is left to those who can read it", () => {
    const sealed = { ...question, type: undefined, crime: undefined };
    const denyType = { ...allow, effect: "DENY", types: ["alert.incident"] };
    expect(isReleased([allow, denyType], sealed)).toBe(true);
    expect(isReleased([allow, denyType], question)).toBe(false);
    expect(isReleased([allow, { ...denyType, types: [], crimes: [] }], sealed)).toBe(false);
  });
});
