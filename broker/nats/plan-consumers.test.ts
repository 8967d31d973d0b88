import { describe, expect, it } from "vitest";

import { storedSubject } from "../../schemas/index.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import {
  fixtureHub,
  fixtureNow,
  makeRegion,
  mandate,
  releaseRule,
} from "../../test/kit/hub-region.ts";
import { planConsumers } from "./consumers.ts";
import { makeStoredCells } from "./feed-grid.ts";

const publishing = (...crimes: readonly string[]) =>
  mandate("ng/tcu", ["PUBLISH", "ecowas"], { crimes: [...crimes] });
const reading = (agency: string, ...crimes: readonly string[]) =>
  mandate(agency, ["READ", "ecowas"], { crimes: [...crimes] });
const readers = [reading("gh/tcu", "drugs"), reading("gh/fiu", "arms")];
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/tcu", kind: "TCU" },
    { agency: "gh/fiu", kind: "FIU" },
  ],
  mandates: [publishing("drugs", "arms"), ...readers],
  release: () => [releaseRule()],
});
const narrower = verifyRegister(
  region.next({ mandates: [publishing("drugs"), ...readers] }),
  region.anchors,
);

async function readersOf(
  register: RegisterView,
  channel: string,
  before?: RegisterView,
): Promise<readonly string[]> {
  const options = { hub: fixtureHub, stored: makeStoredCells(), before };
  const plans = await planConsumers(register, options, fixtureNow);
  const tokens = storedSubject(channel, "ng/tcu", "id").split(".");
  return plans
    .filter(({ filters }) =>
      filters.some((filter) =>
        filter.split(".").every((one, i) => one === "*" || one === tokens[i]),
      ),
    )
    .map(({ consumer }) => consumer);
}

describe("planConsumers", () => {
  it("what the register before still admits is read by whom it is for, while a narrower one comes in force", async () => {
    const arms = "ecowas.arms.h0.bulletin.red_flag";
    expect(await readersOf(region.view, arms)).toEqual(["gh_fiu"]);
    expect(await readersOf(narrower, arms, region.view)).toEqual(["gh_fiu"]);
    expect(await readersOf(narrower, "ecowas.drugs.h0.bulletin.red_flag", region.view)).toEqual([
      "gh_tcu",
    ]);
  });
});
