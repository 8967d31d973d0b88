import { describe, expect, it } from "vitest";

import type { Membership } from "../../schemas/index.ts";
import { openRule, silentState, viewOf } from "../../test/kit/register-draw.ts";

const nomination = {
  agency: "ng/tcu",
  action: "READ",
  scope: "direct",
  types: ["*"],
  crimes: ["*"],
  handlingUpTo: "H1",
  from: 0,
};

function viewWith(memberships: readonly Membership[]): ReturnType<typeof viewOf> {
  const release = [openRule({ authorities: ["gh"] }), openRule({ from: 5 }), openRule({ authorities: ["sn"] })]; // prettier-ignore
  const foreign = { ...nomination, agency: "gh/tcu" };
  const ng = { ...silentState, release, nominations: [nomination, foreign, nomination] };
  return viewOf({ recs: ["ecowas"], memberships, mandates: [], states: { ng, gh: silentState } });
}

describe("the view of a register", () => {
  it("knows a state that left and came back, and one that was suspended for a time", () => {
    const ecowas = { rec: "ecowas", authority: "ng" };
    const view = viewWith([
      { ...ecowas, from: 10, until: 20 },
      { ...ecowas, from: 30, suspendedFrom: 40, suspendedUntil: 50 },
    ]);
    const standing = (at: number): string => view.membership("ecowas", "ng", at);
    expect([9, 10, 19, 20, 29, 30, 39, 40, 49, 50].map(standing)).toEqual(
      ["none", "member", "member", "none", "none", "member", "member", "suspended", "suspended", "member"], // prettier-ignore
    );
    expect(view.membership("ecowas", "gh", 10)).toBe("none");
    expect(view.membership("ecowas", "ecowas", 10)).toBe("member");
  });

  it("sorts a release policy by reader without losing a line or its order", () => {
    const view = viewWith([]);
    const own = view.authority("ng")?.release ?? [];
    expect(view.releaseTo("ng", "gh")).toEqual([own[0], own[1]]);
    expect(view.releaseTo("ng", "gh")).toBe(view.releaseTo("ng", "gh"));
    expect(view.releaseTo("ng", "ci")).toEqual([own[1]]);
    expect(view.releaseTo("tg", "gh")).toEqual([]);
  });

  it("takes a state's nominations of its own agencies alone", () => {
    const view = viewWith([]);
    expect(view.nominations("ng/tcu", "READ", "direct")).toEqual([nomination, nomination]);
    expect(view.nominations("ng/tcu", "PUBLISH", "direct")).toEqual([]);
    expect(view.nominations("gh/tcu", "READ", "direct")).toEqual([]);
  });
});
