import { typeOptions } from "../../body/index.ts";
import type { Lane, Party } from "../lane.ts";
import { type Awaited, move, type Move } from "../workflow.ts";
import { runClock, stopClock } from "./awaited.ts";

const dayMs = 86_400_000;

function stay(_: unknown, { state }: Lane): string {
  return state;
}

function daysOf({ opening }: Lane): number {
  return typeOptions(opening.type)?.feedbackDays ?? 0;
}

/** A side is to say what came of it: within the days its type gives, or when it was put off to. */
export function told(of: Party): Awaited {
  return {
    closing: "FEEDBACK",
    of,
    by: (lane, terms) => {
      const { opening, opener, other, marks } = lane;
      if (marks.answerBy !== undefined) return marks.answerBy;
      const days = daysOf(lane);
      if (days > 0) return marks.since + days * dayMs;
      const agency = of === "OPENER" ? opener : other;
      return terms.due("FEEDBACK", { urgency: opening.urgency, from: marks.since, agency });
    },
  };
}

/**
 * What came of it closes a matter: feedback, a waiver, or what a court decided once nothing more can be done against it.
 * A waiver that only puts off, and a decision that is not final, close nothing and move the clock.
 */
export function toldBy(by: Party | "EITHER", from: readonly string[]): readonly Move[] {
  return [
    move({ on: "feedback.report", by, from, to: "CLOSED" }),
    move({
      on: "feedback.waiver",
      by,
      from,
      to: ({ feedbackBy }, { state }) =>
        feedbackBy === undefined ? "CLOSED_WITHOUT_FEEDBACK" : state,
      marks: ({ feedbackBy }) => (feedbackBy === undefined ? {} : { answerBy: feedbackBy }),
    }),
    move({
      on: "outcome.judicial",
      by,
      from,
      to: ({ final }, { state }) => (final === true ? "CLOSED" : state),
      marks: ({ nextHearing, appealUntil }, { step, lane }) => ({
        answerBy: nextHearing ?? appealUntil ?? step.at + daysOf(lane) * dayMs,
      }),
    }),
  ];
}

/** More time, reminding, turning to those above, and taking it back, while an answer is awaited. */
export function patienceIn(from: readonly string[]): readonly Move[] {
  return [
    move({
      on: "request.extend",
      by: "EITHER",
      from,
      to: stay,
      marks: ({ newReplyBy, waitingOn }) => ({ resultBy: newReplyBy, waitingOn }),
    }),
    move({ on: "request.remind", by: "OPENER", from, to: stay }),
    move({
      on: "request.escalate",
      by: "OPENER",
      from,
      to: stay,
      unless: ({ dueAt }, { step }) => (step.at < dueAt ? "NOT_DUE_YET" : undefined),
    }),
    move({ on: "request.withdraw", by: "OPENER", from, to: "WITHDRAWN" }),
  ];
}

/** Asking back from these states, and the answer that leads to `back`; the clock may stand meanwhile. */
export function questionsIn(from: readonly string[], back: string): readonly Move[] {
  return [
    move({
      on: "request.more_info",
      by: "OTHER",
      from: [...from, "WAITING_FOR_ASKER"],
      to: "WAITING_FOR_ASKER",
      marks: ({ clockStopped, answerBy }, { lane, step }) => ({
        answerBy,
        ...(clockStopped ? stopClock(lane.marks, step.at) : {}),
      }),
    }),
    move({
      on: "request.answer",
      by: "OPENER",
      from: ["WAITING_FOR_ASKER"],
      to: back,
      marks: (_, { lane, step }) => runClock(lane.marks, step.at),
    }),
  ];
}
