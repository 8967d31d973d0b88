import type { Bodies } from "../../gen/index.ts";
import { type Bytes, renderUuid } from "../../ground/index.ts";
import type { Lane, Refusal } from "../lane.ts";
import { type Awaited, type MoveAt, type Workflow } from "../workflow.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";

type Delegation = Bodies["liaison.delegation"];
type Row = StepRow<"liaison.delegation">;

/** What is on the table: the proposal, or the last change of it. */
function termsOf({ opening, applied }: Lane): { readonly id: string; readonly body: Delegation | undefined } {
  const changed = applied.findLast((step) => step.read("liaison.delegation")?.pactAct === "AMENDED");
  const terms = changed ?? opening;
  return { id: terms.id, body: terms.read("liaison.delegation") };
} // prettier-ignore

function textOf({ officerRef, homeAgency, hostAgency, mandateTypes, crimes, mandateActions, handlingUpTo, validFrom, validUntil, agreementRef }: Delegation): string {
  const lists = [mandateTypes, crimes, mandateActions].map((one) => one.toSorted());
  return JSON.stringify([officerRef, homeAgency, hostAgency, lists, handlingUpTo, validFrom, validUntil, agreementRef]);
} // prettier-ignore

function isAbout(lane: Lane, proposalId: Bytes | undefined): boolean {
  return proposalId === undefined || renderUuid(proposalId) === termsOf(lane).id;
}

/** Both sign the same terms, and in time. */
function accepting(body: Delegation, { step, lane }: MoveAt): Refusal | undefined {
  const { body: proposed } = termsOf(lane);
  if (!isAbout(lane, body.proposalId) || step.at >= body.validUntil) return "OUT_OF_TURN";
  return proposed !== undefined && textOf(proposed) === textOf(body) ? undefined : "INCOMPLETE";
}

/** Who suspended it resumes it. */
function resuming(_: Delegation, { step, lane }: MoveAt): Refusal | undefined {
  const suspended = lane.applied.findLast((one) => one.read("liaison.delegation")?.pactAct === "SUSPENDED");
  return suspended?.from === step.from ? undefined : "NOT_THEIRS";
} // prettier-ignore

const offered = ["PROPOSED"] as const;
const agreed = ["IN_FORCE", "SUSPENDED"] as const;

const rows: readonly Row[] = [
  { says: ["AMENDED"], by: "OPENER", from: offered, to: "PROPOSED" },
  { says: ["ENDED"], by: "OPENER", from: offered, to: "ENDED" },
  { says: ["ACCEPTED"], by: "OTHER", from: offered, to: "IN_FORCE", unless: accepting },
  {
    says: ["DECLINED"],
    by: "OTHER",
    from: offered,
    to: "DECLINED",
    unless: ({ proposalId }, { lane }) => (isAbout(lane, proposalId) ? undefined : "OUT_OF_TURN"),
  },
  { says: ["SUSPENDED"], by: "EITHER", from: ["IN_FORCE"], to: "SUSPENDED" },
  { says: ["RESUMED"], by: "EITHER", from: ["SUSPENDED"], to: "IN_FORCE", unless: resuming },
  { says: ["ENDED"], by: "EITHER", from: agreed, to: "ENDED" },
];

/** The host decides before the time it is for begins. */
const decision: Awaited = {
  closing: "DECISION",
  of: "OTHER",
  by: (lane) => termsOf(lane).body?.validFrom,
};

/**
 * An officer of one state works at another's gateway (domain §10). Home proposes and host accepts the very terms that stand
 * on the table then; either may suspend and end it, and only who suspended it resumes it. It ends by itself on its last day.
 */
export const delegation: Workflow = {
  name: "DELEGATION",
  opens: ["liaison.delegation"],
  opensFor: (step, other) => {
    const body = step.read("liaison.delegation");
    return body?.pactAct === "PROPOSED" && other === body.hostAgency;
  },
  first: "PROPOSED",
  moves: movesBySteps({ on: "liaison.delegation", stepOf: ({ pactAct }) => pactAct, rows }),
  awaits: { PROPOSED: [decision], IN_FORCE: [], SUSPENDED: [] },
}; // prettier-ignore

/** Whether an officer works there on the strength of this matter at a moment: in force, begun and not over. */
export function isDelegated(lane: Lane, at: number): boolean {
  const { body } = termsOf(lane);
  const isInForce = lane.workflow === "DELEGATION" && lane.state === "IN_FORCE";
  return isInForce && body !== undefined && body.validFrom <= at && at < body.validUntil;
}
