import type { Mandate } from "../../schemas/index.ts";
import { decide, type Question } from "../../certs/trust/index.ts";
import {
  type BareAgency,
  type BareRegister,
  type BareState,
  nominateAll,
  openRule,
  silentState,
  viewOf,
} from "./register-draw.ts";

/** What the originators of the small region release, and to whom. */
export const rule = openRule({ authorities: ["gh", "ecowas"] });

/** A line of the region's part: alerts on drugs up to H1, from 100 to 200, changed as said. */
export function mandate(holder: string, action: string, more: Partial<Mandate> = {}): Mandate {
  const line = { agency: holder, action, scope: "ecowas", types: ["alert.*"], crimes: ["drugs"] };
  return { ...line, handlingUpTo: "H1", from: 100, until: 200, ...more };
}

const kinds: Readonly<Record<string, string>> = { tcu: "TCU", moc: "MOC", fiu: "FIU", centre: "REGIONAL_CENTRE" }; // prettier-ignore

/** An agency of the kind that its name says. */
export function agency(name: string, more: Partial<BareAgency> = {}): BareAgency {
  return { agency: name, kind: kinds[name.split("/")[1] ?? ""] ?? "", ...more };
}

const names = ["ng/tcu", "ng/moc", "gh/tcu", "sn/tcu", "ecowas/centre"];
/** Who sends in the small region, and who reads. */
export const mandates = [
  mandate("ng/tcu", "PUBLISH"),
  ...names.map((name) => mandate(name, "READ")),
];

/** A part of a state with these agencies, which releases by `rule`. */
export function stateWith(...own: readonly BareAgency[]): BareState {
  return { ...silentState, agencies: own, release: [rule] };
}

/** A community of three states: ng sends, all others have a mandate to read. */
export const region: BareRegister = nominateAll({
  recs: ["ecowas"],
  memberships: ["ng", "gh", "sn"].map((authority) => ({ rec: "ecowas", authority, from: 0 })),
  mandates,
  states: {
    ng: stateWith(agency("ng/tcu"), agency("ng/moc")),
    gh: stateWith(agency("gh/tcu")),
    sn: stateWith(agency("sn/tcu")),
    ecowas: stateWith(agency("ecowas/centre")),
  },
});

/** The region with one state's part changed. */
export function withState(
  name: string,
  change: Partial<BareState>,
  register: BareRegister = region,
): BareRegister {
  const state = { ...(register.states[name] ?? silentState), ...change };
  return { ...register, states: { ...register.states, [name]: state } };
}

/** What ng/tcu does. */
export const publish: Question = {
  action: "PUBLISH",
  agency: "ng/tcu",
  originator: "ng/tcu",
  scope: "ecowas",
  type: "alert.incident",
  crime: "drugs",
  handling: "H1",
};
/** What gh/tcu reads of it. */
export const read: Question = { ...publish, action: "READ", agency: "gh/tcu" };

/** Why not, in order; "allowed" when nothing is missing. */
export function answerOf(register: BareRegister, question: Question, at = 150): string {
  const decision = decide(viewOf(register), question, at);
  return decision.allow ? "allowed" : decision.reasons.join(" ");
}
