import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { handlings } from "./caller.ts";
import type { Change } from "./change-shapes.ts";
import { isGuarded, isWider } from "./rights.ts";
import { roles } from "./roles.ts";
import { needsSecondWord } from "./second-word.ts";

const rightsOf = fc.record({
  roles: fc.subarray([...roles]),
  handling: fc.constantFrom(...handlings),
});
const administrators = fc.subarray(["person:a", "person:b", "person:c"]);
const callers = fc.constantFrom(
  { id: "owner", kind: "owner" } as const,
  { id: "person:a", kind: "person" } as const,
);
const id = "x";

describe("needsSecondWord", () => {
  it("no administrator ever gives anything alone", () => {
    fc.assert(
      fc.property(rightsOf, rightsOf, administrators, (before, after, others) => {
        const change = { kind: "RIGHTS", id, rights: { roles: after.roles, handlingUpTo: after.handling } } as Change;
        const subject = { ...before, callerId: "person:x" };
        const caller = { id: "person:a", kind: "person" } as const;
        const waits = needsSecondWord({ change, caller, subject, administrators: others });
        expect(waits).toBe(isWider(before, { roles: after.roles, handling: after.handling }) || isGuarded(before));
      }),
    );
  }); // prettier-ignore

  it("one more administrator never makes a change easier", () => {
    fc.assert(
      fc.property(fc.tuple(rightsOf, rightsOf), administrators, callers, ([before, after], others, caller) => {
        const change = { kind: "RIGHTS", id, rights: { roles: after.roles, handlingUpTo: after.handling } } as Change;
        const about = { change, caller, subject: { ...before, callerId: "person:x" } };
        const few = needsSecondWord({ ...about, administrators: others });
        const more = needsSecondWord({ ...about, administrators: [...others, "person:d"] });
        expect(more || !few).toBe(true);
      }),
    );
  }); // prettier-ignore

  it.each<Change>([
    { kind: "CODE", id },
    { kind: "STATE", id, state: "active" },
    {
      kind: "MACHINE",
      machine: {
        name: "m",
        roles: ["integrator"],
        handlingUpTo: "H0",
        addresses: [],
        proof: { kind: "SECRET" },
      },
    },
    { kind: "PROOF", id, proof: { kind: "SECRET" } },
  ])("$kind waits where there is anybody to wait for", (change) => {
    const subject = { roles: ["officer"], handling: "H0", callerId: "person:x" };
    const owner = { id: "owner", kind: "owner" } as const;
    expect(needsSecondWord({ change, caller: owner, subject, administrators: ["person:a"] })).toBe(
      true,
    );
    expect(needsSecondWord({ change, caller: owner, subject, administrators: [] })).toBe(false);
    const caller = { id: "person:a", kind: "person" } as const;
    expect(needsSecondWord({ change, caller, subject, administrators: ["person:a"] })).toBe(true);
  });

  it("the one it is done to is nobody to wait for", () => {
    const subject = { roles: ["administrator"], handling: "H0", callerId: "person:a" };
    const caller = { id: "owner", kind: "owner" } as const;
    const about = { change: { kind: "CODE", id } as const, caller, subject };
    expect(needsSecondWord({ ...about, administrators: ["person:a"] })).toBe(false);
    expect(needsSecondWord({ ...about, administrators: ["person:a", "person:b"] })).toBe(true);
  });

  it("what only takes from those who decide about nobody is done at once", () => {
    const subject = { roles: ["officer"], handling: "H2", callerId: "person:x" };
    const about = { caller: { id: "person:a", kind: "person" } as const, subject, administrators: ["person:b"] };
    for (const change of [
      { kind: "STATE", id, state: "suspended" },
      { kind: "STATE", id, state: "left" },
      { kind: "PASSKEY", id, passkey: "k" },
      { kind: "MACHINE_END", id },
    ] as const) {
      expect(needsSecondWord({ ...about, change })).toBe(false);
    }
  }); // prettier-ignore
});
