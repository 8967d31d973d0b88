import { renderUuid } from "../../ground/index.ts";
import type { Workflow } from "../workflow.ts";
import { carriedOut, holderAnswers, holdReview, type Order } from "./holder-answers.ts";

const order: Order = {
  from: ["CORRECTION_ASKED", "UNDER_WAY", "KEPT_BY_ORDER", "REFUSED"],
  targets: ({ opening }) => {
    const body = opening.read("data.correct");
    return body === undefined ? [] : [renderUuid(body.targetId)];
  },
  // a copy that is gone is wrong no longer
  fulfils: new Set(["CORRECTED", "DELETED", "ALREADY_GONE", "NEVER_HELD"]),
  done: "CORRECTED",
  refused: "REFUSED",
};

/**
 * A correction (domain W6): each holder mends his copy by the owner's deadline and says so, after those he passed it
 * on to. A copy that an order keeps as it is, as evidence, is looked at again.
 */
export const correction: Workflow = {
  name: "CORRECTION",
  opens: ["data.correct"],
  first: "CORRECTION_ASKED",
  opened: (step) => ({ resultBy: step.read("data.correct")?.deadline }),
  moves: holderAnswers(order),
  awaits: {
    CORRECTION_ASKED: [carriedOut],
    UNDER_WAY: [carriedOut],
    KEPT_BY_ORDER: [holdReview],
  },
};
