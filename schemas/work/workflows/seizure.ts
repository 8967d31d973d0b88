import { move, type Workflow } from "../workflow.ts";
import { courtDays, courtsWord, outcomes } from "./outcome.ts";
import { cancelled } from "./owner-acts.ts";

const open = ["SEIZED", "IN_COURT"] as const;

const told: Readonly<Record<string, string>> = { PROSECUTION: "IN_COURT", CLOSED: "OUTCOME_KNOWN" };

/**
 * A seizure and what courts made of it (domain W2): it does not end with the seizing. Whoever seized is asked for the
 * outcome until it is final: told to one in an outcome, and to all who read the report in an update that says
 * how the case stands. A court or prosecutor who tells it to those who seized moves a matter between these two.
 */
export const seizure: Workflow = {
  name: "SEIZURE",
  opens: ["seizure.report"],
  first: "SEIZED",
  moves: [
    move({
      on: "alert.update",
      by: "OPENER",
      from: open,
      to: ({ caseStatus = "" }, { state }) => told[caseStatus] ?? state,
    }),
    cancelled(open),
    ...outcomes("EITHER", open, courtDays),
  ],
  awaits: { SEIZED: [courtsWord("OPENER")], IN_COURT: [courtsWord("OPENER")] },
};
