import type { Lane } from "../lane.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement, result } from "./awaited.ts";

const open = ["ASKED", "RECEIVED", "LOCATED"] as const;
const answered = ["ANSWERED", "PARTLY_ANSWERED", "REFUSED", "NOT_HELD"] as const;

const stateOfStep: Readonly<Record<string, string>> = {
  RECEIVED: "RECEIVED",
  LOCATED: "LOCATED",
  NOT_HELD: "NOT_HELD",
  ANSWERED: "ANSWERED",
  PARTLY: "PARTLY_ANSWERED",
  REFUSED: "REFUSED",
  // who neither confirms nor denies refuses, and his state says no more than that
  NEITHER_CONFIRMED_NOR_DENIED: "REFUSED",
};

const stateOfAppeal: Readonly<Record<string, string>> = {
  LODGED: "APPEALED",
  ADMITTED: "APPEALED",
  UPHELD: "RULING_TO_CARRY_OUT",
  PARTLY_UPHELD: "RULING_TO_CARRY_OUT",
  DISMISSED: "APPEAL_DISMISSED",
  WITHDRAWN: "APPEAL_WITHDRAWN",
};

/** The appeal body sets its own time. */
const ruling: Awaited = { closing: "DECISION", of: "OPENER", by: () => undefined };

/** The holder carries out what was ordered by the day that was set. */
const carryingOut: Awaited = { closing: "RESULT", of: "OTHER", by: ({ marks }) => marks.answerBy };

/** A promise may be earlier than the term the law sets, and never later. */
function promised({ marks: { resultBy } }: Lane, expectedBy: number | undefined): number | undefined {
  if (expectedBy === undefined || resultBy === undefined) return resultBy ?? expectedBy;
  return Math.min(expectedBy, resultBy);
} // prettier-ignore

/** What the latest ruling orders. */
function orderedIn({ applied }: Lane): readonly string[] {
  const rulings = applied.map((step) => step.read("data.subject_appeal"));
  return rulings.findLast((one) => one !== undefined)?.ordered ?? [];
}

const answers: readonly Move[] = [
  move({
    on: "data.subject_answer",
    by: "OTHER",
    from: open,
    to: ({ step }) => stateOfStep[step] ?? "RECEIVED",
    // what was located is not unfound again
    unless: ({ step }, { lane: { state } }) =>
      step === "RECEIVED" && state !== "ASKED" ? "OUT_OF_TURN" : undefined,
    marks: ({ expectedBy }, { lane }) => ({ resultBy: promised(lane, expectedBy) }),
  }),
  move({
    on: "data.subject_answer",
    by: "OTHER",
    from: ["RULING_TO_CARRY_OUT"],
    to: "RULING_CARRIED_OUT",
    unless: ({ measures }, { lane }) =>
      orderedIn(lane).every((one) => measures.includes(one)) ? undefined : "INCOMPLETE",
  }),
];

const appeals: Move = move({
  on: "data.subject_appeal",
  // nobody says what became of an appeal against himself
  by: "OPENER",
  from: [...answered, "APPEALED"],
  to: ({ appealStep }) => stateOfAppeal[appealStep] ?? "APPEALED",
  unless: ({ appealStep }, { lane: { state } }) =>
    (appealStep === "WITHDRAWN" && state !== "APPEALED") ||
    (appealStep === "LODGED" && state === "APPEALED")
      ? "OUT_OF_TURN"
      : undefined,
  marks: ({ deadline }) => ({ answerBy: deadline }),
});

/**
 * A person's rights over his data, and his complaint (domain W11): received, located, answered, answered in part or
 * refused with its ground, and then the appeal. The term is the law's: a promise cannot make it longer. There is one answer;
 * what mends it is an appeal, and a ruling is carried out when all that it orders was done. Whether an appeal comes too
 * late, the appeal body says.
 */
export const subjectRights: Workflow = {
  name: "SUBJECT_RIGHTS",
  opens: ["data.subject_query"],
  first: "ASKED",
  opened: (step) => ({ resultBy: step.read("data.subject_query")?.answerBy }),
  moves: [
    ...answers,
    appeals,
    move({ on: "request.remind", by: "OPENER", from: open, to: (_, { state }) => state }),
    move({ on: "request.withdraw", by: "OPENER", from: open, to: "WITHDRAWN" }),
  ],
  awaits: {
    ASKED: [acknowledgement, result],
    RECEIVED: [result],
    LOCATED: [result],
    APPEALED: [ruling],
    RULING_TO_CARRY_OUT: [carryingOut],
  },
};
