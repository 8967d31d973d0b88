import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  type BareRegister,
  drawnAgencies,
  drawnNow,
  drawRegister,
  drawState,
  nominateAll,
  viewOf,
} from "../../../test/kit/register-draw.ts";
import { codeList } from "../../../schemas/index.ts";
import { decide, type RegisterView } from "../../trust/index.ts";
import { findEffect } from "./effect.ts";
import type { Effect } from "./effect-rows.ts";

const everyone = Object.values(drawnAgencies).flat();
/** Types and crimes of every kind that drawn lines tell apart; the rest of each kind is decided alike. */
const types = [
  "alert.incident", "alert.cancel", "bulletin.red_flag", "request.information", "fiu.request", "data.purge", "notice.missing",
]; // prettier-ignore
const crimes = ["drugs", "arms", "tip"];
const handlings = ["H0", "H1", "H2", "H3"];

interface Cell {
  readonly action: "PUBLISH" | "READ";
  readonly agency: string;
  readonly originator: string;
  readonly scope: string;
  readonly type: string;
  readonly crime: string;
  readonly handling: string;
}

function nameOf({ action, agency, originator, scope, type, crime, handling }: Cell): string {
  return [action, agency, originator, scope, type, crime, handling].join(" ");
}

const cells: readonly Cell[] = everyone.flatMap((agency) =>
  (["PUBLISH", "READ"] as const).flatMap((action) =>
    (action === "READ" ? everyone : [agency]).flatMap((originator) =>
      ["ecowas", "direct"].flatMap((scope) =>
        types.flatMap((type) =>
          crimes.flatMap((crime) =>
            handlings.map((handling) => ({ action, agency, originator, scope, type, crime, handling })),
          ),
        ),
      ),
    ),
  ),
); // prettier-ignore

function allowedIn(view: RegisterView): ReadonlySet<string> {
  return new Set(cells.filter((cell) => decide(view, cell, drawnNow).allow).map(nameOf));
}

/** Every place an effect speaks of, spelt out. */
function spellOut(effect: Effect): readonly string[] {
  const { action, agencies, originators } = effect;
  const sendersOf = (agency: string): readonly string[] =>
    action === "PUBLISH"
      ? [agency]
      : originators.flatMap((one) =>
          one.includes("/") ? [one] : (drawnAgencies[one] ?? []).filter((other) => other !== agency),
        );
  return agencies.flatMap((agency) =>
    sendersOf(agency).flatMap((originator) =>
      effect.scopes.flatMap((scope) =>
        effect.types.filter((type) => types.includes(type)).flatMap((type) =>
          effect.crimes.filter((crime) => crimes.includes(crime)).flatMap((crime) =>
            effect.handlings.map((handling) => nameOf({ action, agency, originator, scope, type, crime, handling })),
          ),
        ),
      ),
    ),
  );
} // prettier-ignore

function check(before: BareRegister, after: BareRegister): number {
  const pair = { before: viewOf(before), after: viewOf(after) };
  const [had, has] = [allowedIn(pair.before), allowedIn(pair.after)];
  const effects = findEffect(pair, drawnNow);
  const told = (change: Effect["change"]): readonly string[] =>
    effects.filter((one) => one.change === change).flatMap(spellOut);
  for (const change of ["GAIN", "LOSE"] as const) {
    const [from, to] = change === "GAIN" ? [had, has] : [has, had];
    const names = told(change);
    expect(new Set(names).size, "nothing is told twice").toBe(names.length);
    expect(names.toSorted()).toEqual([...to].filter((name) => !from.has(name)).toSorted());
  }
  return effects.length;
}

describe("the effect that is told", () => {
  it("is exactly what decide says differently, whatever two registers there are", () => {
    let told = 0;
    fc.assert(
      fc.property(drawRegister, drawRegister, fc.boolean(), (one, two, isNominated) => {
        const [before, after] = isNominated ? [nominateAll(one), nominateAll(two)] : [one, two];
        told += check(before, after);
      }),
      { numRuns: 40 },
    );
    expect(told).toBeGreaterThan(40);
  });

  it("is exactly that when one state changes its own part, and nothing when nothing changes", () => {
    fc.assert(
      fc.property(drawRegister, drawState("gh"), (register, gh) => {
        const before = nominateAll(register);
        check(before, { ...before, states: { ...before.states, gh } });
        expect(check(before, before)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("speaks of every type and crime there is, and of no other", () => {
    const wide = { agency: "gh/tcu", action: "READ", scope: "ecowas", types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 }; // prettier-ignore
    const bare = { originators: [], authorities: [], kinds: [], agencies: [], types: [], crimes: [], askedAssurances: [], from: 0 }; // prettier-ignore
    const ng = { agencies: [{ agency: "ng/tcu", kind: "TCU" }], nominations: [], agreements: [], release: [{ effect: "ALLOW", ...bare }], givenAssurances: [] }; // prettier-ignore
    const gh = { ...ng, agencies: [{ agency: "gh/tcu", kind: "TCU" }], nominations: [wide] };
    const before: BareRegister = { recs: ["ecowas"], memberships: [], mandates: [], states: { ng, gh } }; // prettier-ignore
    const pair = { before: viewOf(before), after: viewOf({ ...before, mandates: [wide] }) };
    const [effect, ...more] = findEffect(pair, drawnNow);
    expect(more).toEqual([]);
    expect(effect).toMatchObject({
      change: "GAIN", action: "READ", agencies: ["gh/tcu"], scopes: ["ecowas"], handlings: ["H0", "H1"], originators: ["ng"],
    }); // prettier-ignore
    expect(effect!.crimes).toEqual([...codeList("CRIME")!.codes].toSorted());
  });
});
