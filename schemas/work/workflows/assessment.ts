import { renderUuid } from "../../ground/index.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";
import { cancelled, published } from "./owner-acts.ts";
import { daysAfter, feedbackAfter, feedbackCloses } from "./feedback-days.ts";

/** Who gathers contributions makes something of them; in a feed nobody is bound to. */
const use: Awaited = {
  closing: "RESULT",
  of: "OTHER",
  by: (lane) =>
    lane.marks.deliveredAt === undefined ? undefined : daysAfter(lane, lane.marks.deliveredAt),
};

/**
 * What one agency sees of a market (domain §10): it waits for the joint assessment that names it among its inputs,
 * whoever makes that. A joint assessment that leaves it out does not use it up.
 */
export const contribution: Workflow = {
  name: "CONTRIBUTION",
  opens: ["assessment.contribution"],
  first: "GIVEN",
  moves: [
    ...published(["GIVEN"]),
    move({
      on: "assessment.joint",
      by: "EITHER",
      from: ["GIVEN"],
      to: "USED",
      unless: ({ inputs }, { lane: { opening } }) =>
        inputs.some(({ messageId }) => renderUuid(messageId) === opening.id) ? undefined : "OUT_OF_TURN",
    }),
  ],
  awaits: { GIVEN: [use] },
}; // prettier-ignore

/** What several agencies say together: who reads it says what it was good for. */
export const jointAssessment: Workflow = {
  name: "JOINT_ASSESSMENT",
  opens: ["assessment.joint"],
  first: "PUBLISHED",
  moves: [cancelled(["PUBLISHED"]), ...feedbackCloses("OTHER", ["PUBLISHED"])],
  awaits: { PUBLISHED: [feedbackAfter("DELIVERY", "OTHER")] },
};
