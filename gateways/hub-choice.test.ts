import { describe, expect, it } from "vitest";

import type { Mandate } from "../schemas/index.ts";
import {
  type BareRegister,
  type BareState,
  nominateAll,
  silentState,
  viewOf,
} from "../test/kit/register-draw.ts";
import { hubOf, isOwnInFeed, streamsOf } from "./hub-choice.ts";

const hub = { hub: "au/hub-one", urls: [], recs: ["ecowas", "sadc"] };

function mandate(action: string, scope: string): Mandate {
  const any = { types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
  return { agency: "ng/fiu", action, scope, ...any };
}

const fiu: BareState = { ...silentState, agencies: [{ agency: "ng/fiu", kind: "FIU" }] };
const region = (...mandates: readonly Mandate[]): BareRegister =>
  nominateAll({ recs: hub.recs, memberships: [], mandates, states: { ng: fiu, gh: silentState } });

describe("streamsOf", () => {
  it("are those that both sides let an agency read", () => {
    const both = region(
      mandate("READ", "sadc"),
      mandate("READ", "direct"),
      mandate("PUBLISH", "ecowas"),
    );
    expect(streamsOf(viewOf(both), "ng/fiu", hub)).toEqual(["FEED_SADC", "DIRECT"]);
    const unnominated = { ...both, states: { ng: fiu, gh: silentState } };
    expect(streamsOf(viewOf(unnominated), "ng/fiu", hub)).toEqual([]);
  });

  it("an agreement is enough for mail", () => {
    const terms = { agreementRef: "MoU 1", parties: ["ng", "gh"], partyAgencies: [], types: ["*"], crimes: ["*"], allowedPurposes: [], handlingUpTo: "H1", from: 0 }; // prettier-ignore
    const ng = { ...fiu, nominations: [mandate("READ", "direct")], agreements: [terms] };
    const states = { ng, gh: { ...silentState, agreements: [terms] } };
    const agreed = { ...region(), states };
    expect(streamsOf(viewOf(agreed), "ng/fiu", hub)).toEqual(["DIRECT"]);
    expect(streamsOf(viewOf({ ...agreed, states: { ng, gh: silentState } }), "ng/fiu", hub)).toEqual([]); // prettier-ignore
    // there is a hub to go to, though no community is served
    expect(hubOf(viewOf(agreed), "ng/fiu")?.hub).toBe("au/hub-one");
  });
});

describe("what stands in a feed under our own name", () => {
  it("is told apart by the sender's place alone, whatever else is said of it", () => {
    const subject = (origin: string): string => `feed.ecowas.drugs.h1.alert.incident.${origin}.01a1f7fd`;
    expect(isOwnInFeed(subject("ng.tcu"), "ng/tcu")).toBe(true);
    for (const other of ["ng.tcu-two", "gh.tcu", "ng.fiu", "tcu.ng"]) expect(isOwnInFeed(subject(other), "ng/tcu")).toBe(false);
    expect(isOwnInFeed("feed.ng.tcu.h1.ng.tcu.gh.tcu.01a1f7fd", "ng/tcu")).toBe(false);
    expect(isOwnInFeed("direct.aaaa.ng.tcu", "ng/tcu")).toBe(false);
  }); // prettier-ignore
});
