import { describe, expect, it } from "vitest";

import { usableUntil } from "../../certs/trust/index.ts";
import { makeBench, makePublication } from "../../test/kit/hub-messages.ts";
import { fixtureHub, makeRegion, mandate, releaseRule } from "../../test/kit/hub-region.ts";
import { judge } from "./steps.ts";
import type { Bench } from "./verdict.ts";

const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
  release: () => [releaseRule({})],
});

function judgedAs(handling: string, bench: Partial<Bench>): string {
  const { arrived } = makePublication(region, "ng/tcu", { envelope: { handling } });
  const verdict = judge(arrived, makeBench(region, bench));
  return verdict.kind === "later" ? `later ${verdict.fault.code}` : verdict.kind;
}

describe("a register past its time at the hub", () => {
  it("is used on for each class as long as the policy says, to the millisecond", () => {
    for (const handling of ["H0", "H1"]) {
      const extra = usableUntil({ expiresAt: 0, staleness: [] }, handling);
      const atEnd = (left: number): string =>
        judgedAs(handling, { register: { ...region.view, expiresAt: region.now + left - extra } });
      expect([handling, atEnd(1), atEnd(0)]).toEqual([
        handling,
        "admitted",
        "later REGISTER_STALE",
      ]);
    }
  });

  it("lets what is routine go on while what restricts waits", () => {
    const staleness = [
      { handling: "H0", minutes: 10 },
      { handling: "H1", minutes: 1 },
    ];
    const register = { ...region.view, expiresAt: region.now - 60_000, staleness };
    const found = ["H0", "H1"].map((handling) => judgedAs(handling, { register }));
    expect(found).toEqual(["admitted", "later REGISTER_STALE"]);
  });
});
