import { describe, expect, it } from "vitest";

import type { Mandate } from "../schemas/index.ts";
import {
  type BareRegister,
  type BareState,
  drawnNow,
  openRule,
  silentState,
  viewOf,
} from "../test/kit/register-draw.ts";
import { nextChange, standingOf } from "./standing.ts";

const agency = { agency: "ng/tcu", kind: "TCU" };
const line: Mandate = {
  agency: "ng/tcu",
  action: "PUBLISH",
  scope: "direct",
  types: ["*"],
  crimes: ["*"],
  handlingUpTo: "H1",
  from: drawnNow,
};
const agreement = {
  agreementRef: "MoU 1",
  parties: ["ng", "gh"],
  partyAgencies: [],
  types: ["*"],
  crimes: ["*"],
  allowedPurposes: [],
  handlingUpTo: "H1",
  from: drawnNow,
};

function registerWith(change: Partial<BareRegister>, ng: Partial<BareState> = {}): BareRegister {
  const states = {
    ng: { ...silentState, agencies: [agency], ...ng },
    gh: { ...silentState, agreements: ng.agreements ?? [] },
  };
  return { recs: ["ecowas"], memberships: [], mandates: [], states, ...change };
}

describe("standingOf", () => {
  const dated: readonly (readonly [string, BareRegister])[] = [
    ["a mandate", registerWith({ mandates: [line] })],
    ["a membership", registerWith({ memberships: [{ rec: "ecowas", authority: "ng", from: drawnNow }] })],
    ["a suspension of a state", registerWith({ memberships: [{ rec: "ecowas", authority: "ng", from: 0, suspendedFrom: drawnNow }] })],
    ["a suspension of an agency", registerWith({}, { agencies: [{ ...agency, suspendedFrom: drawnNow }] })],
    ["a nomination", registerWith({}, { nominations: [line] })],
    ["a line of a release policy", registerWith({}, { release: [openRule({ from: drawnNow })] })],
    ["an assurance", registerWith({}, { givenAssurances: [{ assurance: "TORTURE", from: drawnNow }] })],
    ["an agreement", registerWith({}, { agreements: [agreement] })],
  ]; // prettier-ignore

  it.each(dated)(
    "changes the moment %s begins, and is the same before and after",
    (_, register) => {
      const view = viewOf(register);
      const standing = standingOf(view, drawnNow);
      expect(standingOf(view, drawnNow - 1)).not.toBe(standing);
      expect(standingOf(view, 1)).toBe(standingOf(view, drawnNow - 1));
      expect(standingOf(view, drawnNow + 1000)).toBe(standing);
      expect(nextChange(view, drawnNow - 1000, 2000)).toBe(drawnNow);
      expect(nextChange(view, drawnNow, 2000)).toBeUndefined();
    },
  );
});
