import { type Bytes, renderUuid } from "../../ground/index.ts";
import type { Lane, Refusal } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";

const open = ["REVIEW_DUE"] as const;

/** The owner decides before the data go; if nobody looks they are deleted on that day. */
const decision: Awaited = {
  closing: "DECISION",
  of: "OPENER",
  by: ({ opening }) => opening.read("data.review_due")?.deletionAt,
};

function whyNot(targets: readonly Bytes[], { lane }: { readonly lane: Lane }): Refusal | undefined {
  const due = lane.opening.read("data.review_due")?.targetIds.map(renderUuid) ?? [];
  return targets.some((id) => due.includes(renderUuid(id))) ? undefined : "OUT_OF_TURN";
}

/** What is deleted cannot be kept longer. */
function isGone({ step, lane }: { readonly step: Step; readonly lane: Lane }): boolean {
  return step.at >= (lane.opening.read("data.review_due")?.deletionAt ?? 0);
}

/**
 * The day to look again (domain W3 and W6, T6): the owner keeps the data longer with reason and permission, corrects or
 * withdraws them, or lets them go. After the day of deletion nothing can be kept any more. Each holder has a matter of
 * his own, because each deletes his own copies.
 */
export const review: Workflow = {
  name: "REVIEW",
  opens: ["data.review_due"],
  first: "REVIEW_DUE",
  moves: [
    move({
      on: "data.retention_extend",
      by: "OPENER",
      from: open,
      ofSubject: true,
      to: "KEPT_LONGER",
      unless: ({ targetIds }, at) => (isGone(at) ? "OUT_OF_TURN" : whyNot(targetIds, at)),
    }),
    move({
      on: "data.purge",
      by: "OPENER",
      from: open,
      ofSubject: true,
      to: "WITHDRAWN",
      unless: ({ targetIds }, at) => whyNot(targetIds, at),
    }),
    move({
      on: "data.correct",
      by: "OPENER",
      from: open,
      ofSubject: true,
      to: "CORRECTED",
      unless: ({ targetId }, at) => whyNot([targetId], at),
    }),
    move({
      on: "alert.cancel",
      by: "OPENER",
      from: open,
      ofSubject: true,
      to: "WITHDRAWN",
      unless: ({ targetId, alsoIds }, at) => whyNot([targetId, ...alsoIds], at),
    }),
  ],
  awaits: { REVIEW_DUE: [decision] },
};
