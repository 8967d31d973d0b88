import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { type Handling, handlings } from "./caller.ts";
import { type Role, roles } from "./roles.ts";
import { sightOf, visibleTo } from "./visible.ts";

const states = ["VERIFIED", "QUARANTINED", "QUEUED", "ACCEPTED", "DELIVERED", "REFUSED", "EXPIRED"];

function caller(
  handlingUpTo: Handling,
  ...held: Role[]
): { roles: Set<Role>; handlingUpTo: Handling } {
  return { roles: new Set(held), handlingUpTo };
}

describe("who sees what", () => {
  it("whatever is visible under a lower ceiling is visible under a higher", () => {
    const chance = makeSeededChance("ceilings");
    const draw = <T>(from: readonly T[]): T => from[chance.bytes(1)[0]! % from.length]!;
    for (let round = 0; round < 5_000; round += 1) {
      const held = roles.filter(() => chance.bytes(1)[0]! % 2 === 0);
      const [low = "H0", high = "H3"] = [draw(handlings), draw(handlings)].toSorted();
      const message = { handling: draw([...handlings, "", "H4"]), state: draw(states) };
      if (visibleTo(caller(low, ...held), message)) {
        expect(visibleTo(caller(high, ...held), message)).toBe(true);
      }
    }
  });

  it("another role never takes sight away", () => {
    for (const ceiling of handlings) {
      for (const one of roles) {
        for (const more of roles) {
          for (const handling of handlings) {
            for (const state of states) {
              const message = { handling, state };
              if (!visibleTo(caller(ceiling, one), message)) continue;
              expect(visibleTo(caller(ceiling, one, more), message)).toBe(true);
            }
          }
        }
      }
    }
  });

  it("a message above the ceiling is not seen, one at it is", () => {
    const officer = caller("H1", "officer");
    expect(visibleTo(officer, { handling: "H1", state: "VERIFIED" })).toBe(true);
    expect(visibleTo(officer, { handling: "H2", state: "VERIFIED" })).toBe(false);
    expect(visibleTo(officer, { handling: "H9", state: "VERIFIED" })).toBe(false);
    expect(visibleTo(officer, { handling: "", state: "VERIFIED" })).toBe(false);
  });

  it.each(["administrator", "auditor"] as const)(
    "by the role %s alone no content is seen",
    (role) => {
      expect(sightOf(caller("H3", role)).handlings).toEqual([]);
    },
  );

  it("quarantine is seen by officers and administrators and nobody else", () => {
    const seeing = roles.filter((role) =>
      visibleTo(caller("H3", role), { handling: "H0", state: "QUARANTINED" }),
    );
    expect(seeing).toEqual(["officer", "administrator"]);
  });
});
