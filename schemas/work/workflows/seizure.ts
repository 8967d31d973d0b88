import type { Workflow } from "../workflow.ts";
import { courtDays, courtsWord, outcomes } from "./outcome.ts";
import { published } from "./owner-acts.ts";

const open = ["SEIZED", "IN_COURT"] as const;

/**
 * A seizure and what courts made of it (domain W2): it does not end with the seizing. The agency that seized is asked for
 * the outcome until it is final, and a court or prosecutor who tells it the outcome moves a matter of his own.
 */
export const seizure: Workflow = {
  name: "SEIZURE",
  opens: ["seizure.report"],
  first: "SEIZED",
  moves: [...published(open), ...outcomes("OPENER", open, courtDays), ...outcomes("OTHER", open, courtDays)],
  awaits: { SEIZED: [courtsWord("OPENER")], IN_COURT: [courtsWord("OPENER")] },
}; // prettier-ignore
