import { describe, expect, it } from "vitest";

import { openRule } from "../../test/kit/register-draw.ts";
import { decideRelease, type ReleaseQuestion } from "./release.ts";

const allow = openRule({
  authorities: ["gh"],
  kinds: ["TCU"],
  types: ["alert.*"],
  crimes: ["drugs"],
  handlingUpTo: "H1",
  from: 100,
  until: 200,
});
const question: ReleaseQuestion = {
  originator: "ng/tcu",
  reader: { agency: "gh/tcu", authority: "gh", kind: "TCU" },
  given: [],
  type: "alert.incident",
  crime: "drugs",
  handling: "H1",
  at: 150,
};

function isReleased(rules: Parameters<typeof decideRelease>[0], asked = question): boolean {
  return "rule" in decideRelease(rules, asked);
}

describe("decideRelease", () => {
  it("what a line allows is released, by that line", () => {
    expect(decideRelease([allow], question)).toEqual({ rule: allow });
    expect(decideRelease([{ ...allow, kinds: ["FIU"] }, allow, openRule()], question)).toEqual({
      rule: allow,
    });
  });

  it("what no line allows is not", () => {
    expect(decideRelease([], question)).toEqual({ missing: "NOT_RELEASED" });
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
    expect(isReleased([{ ...allow, agencies: ["gh/moc"] }])).toBe(false);
  });

  it("a line that denies wins over every line that allows, before it or after", () => {
    const deny = { ...allow, effect: "DENY", types: [], crimes: [] };
    expect(isReleased([allow, deny, allow])).toBe(false);
    expect(isReleased([{ ...deny, handlingUpTo: "H0" }, allow])).toBe(true);
  });

  it("a line with an effect of a later edition neither allows nor denies", () => {
    const later = { ...allow, effect: "LATER" };
    expect(isReleased([later])).toBe(false);
    expect(isReleased([later, allow])).toBe(true);
  });

  it("a line for one originator speaks of no other", () => {
    expect(isReleased([{ ...allow, originators: ["ng/moc"] }])).toBe(false);
    expect(isReleased([{ ...allow, originators: ["ng/tcu"] }])).toBe(true);
  });

  it("of sealed content, a denial that names a type or a crime is left to those who can read it", () => {
    const sealed = { ...question, type: undefined, crime: undefined };
    const deny = { ...allow, effect: "DENY", types: [], crimes: [] };
    for (const named of [{ types: ["alert.incident"] }, { crimes: ["drugs"] }]) {
      expect(isReleased([allow, { ...deny, ...named }], sealed)).toBe(true);
      expect(isReleased([allow, { ...deny, ...named }])).toBe(false);
    }
    expect(isReleased([allow, deny], sealed)).toBe(false);
  });

  it("what is asked for besides is told apart from what is not released at all", () => {
    const asking = { ...allow, askedAssurances: ["TORTURE"] };
    expect(decideRelease([asking], question)).toEqual({ missing: "ASSURANCE_MISSING" });
    expect(isReleased([asking, allow])).toBe(true);
    expect(isReleased([allow, asking])).toBe(true);
    const given = [{ assurance: "TORTURE", from: 0 }];
    expect(isReleased([asking], { ...question, given })).toBe(true);
    expect(isReleased([asking], { ...question, given: [{ ...given[0]!, until: 150 }] })).toBe(
      false,
    );
    expect(isReleased([asking], { ...question, given: [{ assurance: "FAIR_TRIAL", from: 0 }] })).toBe(false); // prettier-ignore
  });

  it("no promise lifts a denial, and a denial needs none", () => {
    const deny = { ...allow, effect: "DENY", askedAssurances: ["TORTURE"] };
    expect(decideRelease([allow, deny], question)).toEqual({ missing: "NOT_RELEASED" });
  });
});
