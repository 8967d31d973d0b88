import type { Bodies } from "../../gen/index.ts";
import type { Refusal } from "../lane.ts";
import { type Awaited, move, type MoveAt, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { told, toldBy } from "./what-came.ts";

type Referral = Bodies["tip.referral"];
type Row = StepRow<"tip.referral">;

const offered = ["OFFERED"] as const;
const helped = ["ACCEPTED", "STARTED"] as const;

/** One referral is about one person: what is said of another belongs to another. */
function isOther({ victimRef }: { readonly victimRef: string }, { lane }: MoveAt): boolean {
  return lane.opening.read("tip.referral")?.victimRef !== victimRef;
}

function unless(body: Referral, at: MoveAt): Refusal | undefined {
  return isOther(body, at) ? "OUT_OF_TURN" : undefined;
}

/** Who she is goes to who helps her, and no other; without her consent no such message is valid. */
function identityUnless(body: Bodies["tip.identity"], at: MoveAt): Refusal | undefined {
  if (isOther(body, at)) return "OUT_OF_TURN";
  return body.toAgency === at.lane.other ? undefined : "NOT_THEIRS";
}

const rows: readonly Row[] = [
  { says: ["ACCEPTED"], by: "OTHER", from: offered, to: "ACCEPTED", unless },
  { says: ["DECLINED"], by: "OTHER", from: offered, to: "DECLINED", unless },
  { says: ["STARTED"], by: "OTHER", from: ["ACCEPTED"], to: "STARTED", unless },
  { says: ["COMPLETED"], by: "OTHER", from: helped, to: "COMPLETED", unless },
  { says: ["WITHDRAWN"], by: "OPENER", from: offered, to: "WITHDRAWN", unless },
  // she may leave at any time; either side may say it
  { says: ["WITHDRAWN"], by: "EITHER", from: helped, to: "WITHDRAWN", unless },
];

const decision: Awaited = {
  closing: "DECISION",
  of: "OTHER",
  by: ({ opening, other: agency, marks: { deliveredAt: from } }, terms) => {
    const neededBy = opening.read("tip.referral")?.neededBy;
    if (neededBy !== undefined || from === undefined) return neededBy;
    return terms.due("REPLY", { urgency: opening.urgency, from, agency });
  },
};

/**
 * A person is handed on to who can help her (domain W10, the part of welfare). Who is asked says yes or no by when it is
 * needed; only then follows who she is. That help began is awaited after the yes, and at the end a
 * word on how it went.
 */
export const tipReferral: Workflow = {
  name: "TIP_REFERRAL",
  opens: ["tip.referral"],
  opensFor: (step) => step.read("tip.referral")?.stage === "OFFERED",
  first: "OFFERED",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: offered, to: "OFFERED" }),
    move({ on: "request.remind", by: "OPENER", from: [...offered, ...helped], to: (_, { state }) => state }),
    ...movesBySteps({ on: "tip.referral", stepOf: ({ stage }) => stage, rows }),
    move({ on: "tip.identity", by: "OPENER", from: helped, to: (_, { state }) => state, unless: identityUnless }),
    ...toldBy("OTHER", ["STARTED", "COMPLETED"]),
  ],
  awaits: {
    OFFERED: [acknowledgement, decision],
    ACCEPTED: [told("OTHER")],
    STARTED: [told("OTHER")],
    COMPLETED: [told("OTHER")],
  },
}; // prettier-ignore
