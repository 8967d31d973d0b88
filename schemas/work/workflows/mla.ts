import { renderUuid } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import { move, type Workflow } from "../workflow.ts";
import { acknowledgement, answer, result, runClock, stopClock } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { patienceIn, questionsIn, told, toldBy } from "./what-came.ts";

type Row = StepRow<"mla.status">;

const begun = ["SENT", "RECEIVED", "TRANSMITTED"] as const;
const open = [...begun, "IN_EXECUTION", "PARTLY_EXECUTED", "POSTPONED"] as const;
const live = [...open, "WAITING_FOR_ASKER"] as const;

const promises: Row["marks"] = ({ expectedBy }, { step, lane: { marks } }) => ({
  ...runClock(marks, step.at),
  resultBy: expectedBy ?? marks.resultBy,
});

/** Goes forward only: what was begun is not unbegun, and what is postponed can be taken up again. */
const rows: readonly Row[] = [
  { says: ["RECEIVED"], by: "OTHER", from: ["SENT"], to: "RECEIVED", marks: promises },
  { says: ["TRANSMITTED"], by: "OTHER", from: ["SENT", "RECEIVED"], to: "TRANSMITTED", marks: promises },
  { says: ["IN_EXECUTION"], by: "OTHER", from: [...begun, "POSTPONED", "IN_EXECUTION"], to: "IN_EXECUTION", marks: promises },
  { says: ["PARTLY_EXECUTED"], by: "OTHER", from: live, to: "PARTLY_EXECUTED", marks: promises },
  { says: ["POSTPONED"], by: "OTHER", from: live, to: "POSTPONED", marks: promises },
  { says: ["EXECUTED"], by: "OTHER", from: live, to: "EXECUTED", marks: promises },
  { says: ["REFUSED"], by: "OTHER", from: live, to: "REFUSED" },
  {
    says: ["INCOMPLETE"],
    by: "OTHER",
    from: live,
    to: "WAITING_FOR_ASKER",
    // its clock stands until the request is complete
    marks: (_, { step, lane: { marks } }) => ({ answerBy: undefined, ...stopClock(marks, step.at) }),
  },
  { says: ["WITHDRAWN"], by: "OPENER", from: live, to: "WITHDRAWN" },
]; // prettier-ignore

/**
 * A formal request for mutual legal assistance (domain W8): received, perhaps incomplete and completed, executed in parts and
 * whole, refused or postponed to a day. Its treaty sets the time: what counts is until when it is expected, and the newest
 * word on that. When it is executed, who asked tells what came of it, and tells those of the police channel too whose
 * messages led to it: see {@link findPoliceLeads}.
 */
export const mla: Workflow = {
  name: "MLA",
  opens: ["mla.request"],
  first: "SENT",
  opened: (step) => ({ resultBy: step.read("mla.request")?.neededBy }),
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "RECEIVED" }),
    ...movesBySteps({ on: "mla.status", stepOf: ({ status }) => status, rows }),
    ...questionsIn(open, "RECEIVED"),
    ...patienceIn(live),
    ...toldBy("OPENER", ["EXECUTED"]),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    RECEIVED: [result],
    TRANSMITTED: [result],
    IN_EXECUTION: [result],
    PARTLY_EXECUTED: [result],
    POSTPONED: [result],
    WAITING_FOR_ASKER: [answer("OPENER"), result],
    EXECUTED: [told("OPENER")],
  },
};

/** A message of the police channel that led to a formal request; who gave it is to hear what came of it. */
export interface PoliceLead {
  readonly message: string;
  /** Who gave it, where the request says so. */
  readonly agency: string | undefined;
}

const done: ReadonlySet<string> = new Set(["EXECUTED", "CLOSED", "CLOSED_WITHOUT_FEEDBACK"]);

/**
 * The police messages whose senders are owed a word now that a formal request was executed: the informal thread is not
 * forgotten when the formal one is done. Empty before that.
 */
export function findPoliceLeads({ workflow, state, opening }: Lane): readonly PoliceLead[] {
  if (workflow !== "MLA" || !done.has(state)) return [];
  const sources = opening.read("mla.request")?.priorContacts ?? [];
  return sources.map(({ messageId, agency }) => ({ message: renderUuid(messageId), agency }));
}
