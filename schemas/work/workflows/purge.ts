import { type EpochMs, renderUuid } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import type { Step } from "../step.ts";
import type { Workflow } from "../workflow.ts";
import { carriedOut, holderAnswers, holdReview, type Order } from "./holder-answers.ts";

function targetsOf({ opening }: Lane): readonly string[] {
  const cancel = opening.read("alert.cancel");
  if (cancel !== undefined) return [cancel.targetId, ...cancel.alsoIds].map(renderUuid);
  const body = opening.read("data.purge") ?? opening.read("handling.change");
  return body?.targetIds.map(renderUuid) ?? [];
}

function deadlineOf(step: Step): EpochMs | undefined {
  return step.read("data.purge")?.deadline ?? step.read("alert.cancel")?.purgeBy;
}

/** A purge asks every holder; a cancellation where it says so; a change of handling those it is withdrawn from. */
function isFor(step: Step, holder: string): boolean {
  const cancel = step.read("alert.cancel");
  if (cancel !== undefined) return cancel.recipientsMustPurge === true;
  return step.read("handling.change")?.withdrawnFrom.includes(holder) ?? true;
}

const order: Order = {
  from: ["PURGE_ASKED", "UNDER_WAY", "KEPT_BY_ORDER", "REFUSED"],
  targets: targetsOf,
  fulfils: new Set(["DELETED", "ALREADY_GONE", "NEVER_HELD"]),
  done: "PURGED",
  refused: "REFUSED",
};

/**
 * Recall (domain W6, T7): an owner has copies of his message deleted, and each holder has a matter of his own with the
 * deadline and its signed answer for every copy. A holder is done only when those that he passed it on to have
 * confirmed. A legal hold keeps a copy and is looked at again on its day; who refused, or kept, may still delete.
 */
export const purge: Workflow = {
  name: "PURGE",
  opens: ["data.purge", "alert.cancel", "handling.change"],
  opensFor: isFor,
  first: "PURGE_ASKED",
  opened: (step) => ({ resultBy: deadlineOf(step) }),
  moves: holderAnswers(order),
  awaits: {
    PURGE_ASKED: [carriedOut],
    UNDER_WAY: [carriedOut],
    KEPT_BY_ORDER: [holdReview],
  },
};
