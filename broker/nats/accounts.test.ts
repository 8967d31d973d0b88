import { describe, expect, it } from "vitest";

import type { Mandate } from "../../schemas/index.ts";
import {
  type BareRegister,
  nominateAll,
  silentState,
  viewOf,
} from "../../test/kit/register-draw.ts";
import { agencyAccount, permissionsOf } from "./accounts.ts";

const hub = "au/hub-one";

function mandate(agency: string, action: string, scope: string): Mandate {
  return { agency, action, scope, types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
}

const region: BareRegister = nominateAll({
  recs: ["ecowas", "sadc"],
  memberships: [],
  mandates: [mandate("ng/tcu", "READ", "ecowas"), mandate("ng/tcu", "PUBLISH", "sadc")],
  states: { ng: { ...silentState, agencies: [{ agency: "ng/tcu", kind: "TCU" }] } },
});

function streamsOf(register: BareRegister): readonly string[] {
  return agencyAccount(viewOf(register), hub, "ng/tcu").streams;
}

describe("the streams of an agency", () => {
  it("are the feeds that both sides let it read, and its own mail", () => {
    expect(streamsOf(region)).toEqual(["FEED_ECOWAS", "DIRECT", "RECEIPTS"]);
  });

  it("hold no feed for a mandate without a nomination, nor for a nomination without a mandate", () => {
    expect(streamsOf({ ...region, mandates: [] })).toEqual(["DIRECT", "RECEIPTS"]);
    const states = { ng: { ...region.states["ng"]!, nominations: [] } };
    expect(streamsOf({ ...region, states })).toEqual(["DIRECT", "RECEIPTS"]);
    const subjects = permissionsOf(agencyAccount(viewOf({ ...region, states }), hub, "ng/tcu"));
    expect(subjects.publish.filter((subject) => subject.includes("FEED"))).toEqual([]);
  });
});
