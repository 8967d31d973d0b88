import { describe, expect, it } from "vitest";

import { type Mandate, storedSubject } from "../../schemas/index.ts";
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

  it("a mailbox is read by whom both sides give a line for it, and by nobody else", async () => {
    const boxesOf = async (mandates: readonly Mandate[]): Promise<readonly string[]> => {
      const view = verifyRegister(region.next({ mandates }), region.anchors);
      const plans = await planConsumers(view, { hub: fixtureHub, stored: makeStoredCells() }, fixtureNow); // prettier-ignore
      return plans.filter(({ stream }) => stream === "DIRECT").map(({ consumer }) => consumer);
    };
    const mail = mandate("gh/fiu", ["READ", "direct"]);
    expect(await boxesOf([...readers, mail])).toEqual(["gh_fiu"]);
    expect(await boxesOf(readers)).toEqual([]);
    // a line that is over or has not begun leaves the mailbox as it is: what came in its time is his
    expect(await boxesOf([{ ...mail, until: fixtureNow - 1 }])).toEqual(["gh_fiu"]);
  });
});
