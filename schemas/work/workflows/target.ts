import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { courtDays, courtsWord, outcomes } from "./outcome.ts";
import { cancelled } from "./owner-acts.ts";

const uncontrolled = ["WARNED", "ASSIGNED", "UNDER_OBSERVATION"] as const;
const found = ["SEIZED", "IN_COURT"] as const;
const feedbackHours = 72;

/** When the target arrives where it goes last: every leg counts, for the warning is to all of them. */
function lastArrival(opening: Step): EpochMs {
  const { eta = 0, legs = [] } = opening.read("target.warning") ?? {};
  return Math.max(eta, ...legs.map(({ arrives }) => arrives ?? 0));
}

/** Until the day the warning names, or 72 hours after the last arrival; what is watched, until it is looked at again. */
function controlledBy({ opening, marks }: Lane): EpochMs {
  const asked = opening.read("target.warning")?.feedbackBy;
  return marks.answerBy ?? asked ?? lastArrival(opening) + feedbackHours * 3_600_000;
}

const control: Awaited = { closing: "RESULT", of: "OTHER", by: controlledBy };
/** The days of the type are those of the control; courts take longer. */
const outcome: Awaited = { ...courtsWord("OTHER"), by: ({ marks }) => marks.resultBy };

const afterControl: Readonly<Record<string, string>> = {
  CONTROLLED_POSITIVE: "SEIZED",
  CONTROLLED_NEGATIVE: "NOTHING_FOUND",
  MISSED_ALREADY_LEFT: "MISSED",
  NOT_FOUND: "MISSED",
  NOT_CONTROLLED: "NOT_CONTROLLED",
  REFUSED_NO_LEGAL_POWER: "NOT_CONTROLLED",
  UNDER_OBSERVATION: "UNDER_OBSERVATION",
};

const courtBy = (
  _: unknown,
  { step }: { readonly step: Step },
): { readonly resultBy: EpochMs } => ({
  resultBy: step.at + courtDays * 86_400_000,
});

const controls: readonly Move[] = [
  move({ on: "request.acknowledge", by: "OTHER", from: ["WARNED"], to: "ASSIGNED" }),
  move({
    on: "control.feedback",
    by: "OTHER",
    from: uncontrolled,
    to: ({ result, notControlled }) =>
      notControlled === "EXPIRED" ? "EXPIRED" : (afterControl[result] ?? "NOT_CONTROLLED"),
    unless: ({ notControlled }, { step, lane }) =>
      notControlled === "EXPIRED" && step.at < lastArrival(lane.opening)
        ? "NOT_DUE_YET"
        : undefined,
    marks: ({ nextLookAt }, { step }) => ({
      answerBy: nextLookAt,
      ...courtBy(undefined, { step }),
    }),
  }),
  // the seizure is reported first, and the feedback that names it says what is known
  move({ on: "seizure.report", by: "OTHER", from: uncontrolled, to: "SEIZED", marks: courtBy }),
  move({
    on: "control.feedback",
    by: "OTHER",
    from: found,
    to: (_, { state }) => state,
    unless: ({ result }) => (result === "CONTROLLED_POSITIVE" ? undefined : "OUT_OF_TURN"),
  }),
];

/**
 * A warning of something on its way (domain W2, T29, T33): to every post of its route, and each has a matter of its own.
 * Each says what it did: found or nothing found, missed, or not controlled and why; a warning that expired is
 * said to have, and not before the last arrival. What was found is reported and followed until its outcome in court is
 * final. Only the one warned says what was done; only the one who warned takes the warning back.
 */
export const targetWarning: Workflow = {
  name: "TARGET_WARNING",
  opens: ["target.warning"],
  first: "WARNED",
  moves: [...controls, ...outcomes("OTHER", found, courtDays), cancelled(uncontrolled)],
  awaits: {
    WARNED: [acknowledgement, control],
    ASSIGNED: [control],
    UNDER_OBSERVATION: [control],
    SEIZED: [outcome],
    IN_COURT: [outcome],
  },
}; // prettier-ignore
