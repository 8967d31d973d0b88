import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import type { Terms } from "../terms.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { challenge, challengeAwaits } from "./challenge.ts";
import { blocked, blockTerm, cancelled, verification } from "./owner-acts.ts";

const unreviewed = ["HELD_FOR_REVIEW", "UNDER_REVIEW"] as const;
const reviewed = ["ACTIONABLE", "NOT_ACTED_ON"] as const;
const review = [...unreviewed, ...reviewed] as const;
const live = [...review, "CHALLENGED", "HELD_BY_OWNER", "BLOCKED"] as const;
const standing = { from: review, back: "HELD_FOR_REVIEW" } as const;

/** What changes what would be done to a person. */
const changing: ReadonlySet<string> = new Set(["CORRECTION", "ACTION_CHANGED", "LEGAL_ACT"]);

/** By the day the receiving state named, or a week after it came. */
function reviewedBy({ marks, other }: Lane, terms: Terms): EpochMs | undefined {
  if (marks.answerBy !== undefined) return marks.answerBy;
  const { deliveredAt } = marks;
  if (deliveredAt === undefined) return undefined;
  const from = Math.max(deliveredAt, marks.since);
  return terms.due("REPLY", { urgency: "NORMAL", from, agency: other });
}

const legalReview: Awaited = { closing: "DECISION", of: "OTHER", by: reviewedBy };

const afterReview: Readonly<Record<string, string>> = {
  BLOCKED: "UNDER_REVIEW",
  PROLONGED: "UNDER_REVIEW",
  LIFTED_CONFIRMED: "ACTIONABLE",
  LIFTED_WITHDRAWN: "NOT_ACTED_ON",
};

/** The receiving state holds the notice for its own review, and lifts its hold: to act on it, or not to. */
const ownReview: Move = move({
  on: "data.block",
  by: "OTHER",
  from: review,
  to: ({ blockAct }, { state }) => afterReview[blockAct] ?? state,
  unless: ({ blockAct }, { lane: { state } }) => {
    // to correct it is its owner's; and what was decided is looked at again before it is decided anew
    const isDecided = state === "ACTIONABLE" || state === "NOT_ACTED_ON";
    const isLifting = blockAct.startsWith("LIFTED");
    return blockAct === "LIFTED_CORRECTED" || (isDecided && isLifting) ? "OUT_OF_TURN" : undefined;
  },
  marks: blockTerm,
});

const news: Move = move({
  on: "alert.update",
  by: "OPENER",
  from: live,
  to: ({ reason, onFinding }, { state }) => {
    const isOther = onFinding !== undefined || changing.has(reason);
    const isDecided = state === "ACTIONABLE" || state === "NOT_ACTED_ON";
    return isOther && isDecided ? "HELD_FOR_REVIEW" : state;
  },
});

/**
 * A wanted notice (domain W3 and §10): every receiving state holds it for its own legal review, and only what that state
 * itself has reviewed and found good is actionable there. It says so with a block for legal review and its lifting.
 * What changes the action, the act of the court or the facts is reviewed again; so is what was blocked, challenged or
 * corrected. Its owner alone takes it back; a hit on it is a matter of its own.
 */
export const wanted: Workflow = {
  name: "WANTED_NOTICE",
  opens: ["notice.wanted"],
  first: "HELD_FOR_REVIEW",
  moves: [news, cancelled(live), ownReview, blocked(standing), ...challenge(standing)],
  awaits: {
    HELD_FOR_REVIEW: [legalReview],
    UNDER_REVIEW: [legalReview],
    ACTIONABLE: [],
    NOT_ACTED_ON: [],
    BLOCKED: [verification],
    ...challengeAwaits,
  },
};
