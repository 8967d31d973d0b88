import type { Party } from "../lane.ts";
import { type Awaited, move, type Move } from "../workflow.ts";
import { runClock, stopClock } from "./awaited.ts";
import { daysAfter, feedbackAfter, feedbackCloses, stays } from "./feedback-days.ts";

/** A side is to say what came of it, counted from what was said last. */
export function told(of: Party): Awaited {
  return feedbackAfter("ACT", of);
}

/**
 * What came of it closes a matter: feedback, a waiver, or what a court decided once nothing more can be done against it.
 * A waiver that only puts off, and a decision that is not final, close nothing and move the clock.
 */
export function toldBy(by: Party, from: readonly string[]): readonly Move[] {
  return [
    ...feedbackCloses(by, from),
    move({
      on: "outcome.judicial",
      by,
      from,
      to: ({ final }, { state }) => (final === true ? "CLOSED" : state),
      marks: ({ nextHearing, appealUntil }, { step, lane }) => ({
        answerBy: nextHearing ?? appealUntil ?? daysAfter(lane, step.at),
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
      to: stays,
      marks: ({ newReplyBy, waitingOn }) => ({ resultBy: newReplyBy, waitingOn }),
    }),
    move({ on: "request.remind", by: "OPENER", from, to: stays }),
    move({
      on: "request.escalate",
      by: "OPENER",
      from,
      to: stays,
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
