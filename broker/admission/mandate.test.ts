import { describe, expect, it } from "vitest";

import { toFault } from "../../schemas/ground/index.ts";
import type { Mandate } from "../../schemas/index.ts";
import {
  type BareRegister,
  type BareState,
  openRule,
  silentState,
  viewOf,
} from "../../test/kit/register-draw.ts";
import { mandateStep } from "./mandate.ts";
import type { Bench, Shaped } from "./verdict.ts";

const mailbox = "a".repeat(26);
const now = 1000;

function lines(agency: string): readonly Mandate[] {
  return ["PUBLISH", "READ"].map((action) => ({
    agency,
    action,
    scope: "direct",
    types: ["*"],
    crimes: ["*"],
    handlingUpTo: "H3",
    from: 0,
  }));
}

const agreement = {
  agreementRef: "MoU 1",
  parties: ["ng", "gh"],
  partyAgencies: [],
  types: ["fiu.request"],
  crimes: ["ml"],
  allowedPurposes: [],
  handlingUpTo: "H2",
  from: 0,
};

function unit(state: string, agreements: BareState["agreements"]): BareState {
  const agencies = [{ agency: `${state}/fiu`, kind: "FIU" }];
  const nominations = lines(`${state}/fiu`);
  return { ...silentState, agencies, nominations, agreements, release: [openRule()] };
}

const region: BareRegister = {
  recs: [],
  memberships: [],
  mandates: [],
  states: { ng: unit("ng", [agreement]), gh: unit("gh", [agreement]), sn: unit("sn", []) },
};

/** What the hub says to a direct message whose mailbox is of `reader`. */
function codeOf(register: BareRegister, reader: string | undefined, handling = "H1"): string {
  const envelope = { originator: "ng/fiu", handling, mailboxes: [mailbox] };
  const item = { channel: `direct.${mailbox}`, envelope } as unknown as Shaped;
  const mailboxes = new Map(reader === undefined ? [] : [[mailbox, reader]]);
  try {
    mandateStep.run(item, { register: viewOf(register), mailboxes, now } as unknown as Bench);
    return "admitted";
  } catch (error) {
    return toFault(error, "INTERNAL").message;
  }
}

describe("a direct message at the hub", () => {
  it("that an agreement with the owner of the mailbox allows is admitted without any mandate", () => {
    expect(codeOf(region, "gh/fiu")).toBe("admitted");
  });

  it("to one with whom there is no agreement is refused, whomever else there is one with", () => {
    expect(codeOf(region, "sn/fiu")).toContain("MANDATE_MISSING");
    expect(codeOf(region, undefined)).toContain("MANDATE_MISSING");
  });

  it("above what the agreement allows, or to a reader who is not admitted, is refused with all that is missing", () => {
    expect(codeOf(region, "gh/fiu", "H3")).toContain("NO_MANDATE");
    const closed = { ...region.states, ng: { ...region.states["ng"]!, release: [] } };
    expect(codeOf({ ...region, states: closed }, "gh/fiu")).toContain("a recipient's reading: NOT_RELEASED"); // prettier-ignore
    const out = { ...region.states, gh: { ...region.states["gh"]!, nominations: [] } };
    expect(codeOf({ ...region, states: out }, "gh/fiu")).toContain("NOT_NOMINATED");
  });

  it("of a suspended agency is refused as suspended", () => {
    const agencies = [{ agency: "ng/fiu", kind: "FIU", suspendedFrom: now }];
    const out = { ...region.states, ng: { ...region.states["ng"]!, agencies } };
    expect(codeOf({ ...region, states: out }, "gh/fiu")).toContain("MANDATE_SUSPENDED");
  });
});
