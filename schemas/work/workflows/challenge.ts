import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import type { Terms } from "../terms.ts";
import { type Awaited, move, type Move } from "../workflow.ts";
import type { Standing } from "./owner-acts.ts";

const contested = ["CHALLENGED", "HELD_BY_OWNER"] as const;

/** By the day that was named, or as the register counts what is urgent and must be asked for. */
function decidedBy({ marks, opener }: Lane, terms: Terms): EpochMs | undefined {
  const { answerBy, since: from } = marks;
  return answerBy ?? terms.due("REPLY", { urgency: "URGENT_INDIRECT", from, agency: opener });
}

const ownersAnswer: Awaited = { closing: "ANSWER", of: "OPENER", by: decidedBy };
const ownersDecision: Awaited = { closing: "DECISION", of: "OPENER", by: decidedBy };

/** What is awaited while a notice is contested: an answer, and where it is held meanwhile the decision. */
export const challengeAwaits = {
  CHALLENGED: [ownersAnswer],
  HELD_BY_OWNER: [ownersDecision],
} as const;

/**
 * A challenge (domain §10): a receiving state, a court or an overseer contests a notice; its owner holds, confirms,
 * corrects or withdraws it. Who challenged does not answer himself, and who is challenged does not raise. What is
 * confirmed or corrected stands as if it were new: no earlier review carries over.
 */
export function challenge({ from, back }: Standing): readonly Move[] {
  const after: Readonly<Record<string, string>> = {
    HELD: "HELD_BY_OWNER",
    CONFIRMED: back,
    CORRECTED: back,
    WITHDRAWN: "WITHDRAWN",
  };
  return [
    move({
      on: "notice.challenge",
      by: "OTHER",
      from: [...from, ...contested],
      // more grounds do not undo that the owner already holds it
      to: (_, { state }) => (state === "HELD_BY_OWNER" ? state : "CHALLENGED"),
      unless: ({ step }) => (step === "RAISED" ? undefined : "OUT_OF_TURN"),
      // the day of a review is none of the challenge
      marks: ({ replyBy }, { lane: { state, marks } }) => ({
        answerBy: replyBy ?? (from.includes(state) ? undefined : marks.answerBy),
      }),
    }),
    move({
      on: "notice.challenge",
      by: "OPENER",
      from: contested,
      to: ({ step }, { state }) => after[step] ?? state,
      unless: ({ step }) => (step === "RAISED" ? "OUT_OF_TURN" : undefined),
      marks: ({ step, replyBy }, { lane }) => ({
        answerBy: step === "HELD" ? (replyBy ?? lane.marks.answerBy) : undefined,
      }),
    }),
  ];
}
