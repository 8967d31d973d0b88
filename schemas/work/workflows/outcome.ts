import type { Party } from "../lane.ts";
import { type Awaited, move, type Move } from "../workflow.ts";
import { daysAfter } from "./feedback-days.ts";

/** What a court made of it: by the next hearing or the end of the appeal, and else within the days of the type. */
export function courtsWord(of: Party): Awaited {
  return {
    closing: "RESULT",
    of,
    by: (lane) => lane.marks.resultBy ?? daysAfter(lane, lane.marks.since),
  };
}

/**
 * The loop of judicial outcomes (domain W2): each is told and the next one awaited, until one is final or it is said
 * that none will come. A waiver with a day only puts off.
 */
export function outcomes(by: Party | "EITHER", from: readonly string[], days: number): readonly Move[] {
  return [
    move({
      on: "outcome.judicial",
      by,
      from,
      to: ({ final }) => (final === true ? "OUTCOME_KNOWN" : "IN_COURT"),
      marks: ({ nextHearing, appealUntil }, { step }) => ({
        resultBy: nextHearing ?? appealUntil ?? step.at + days * 86_400_000,
      }),
    }),
    move({
      on: "feedback.waiver",
      by,
      from,
      to: ({ feedbackBy }, { state }) => (feedbackBy === undefined ? "CLOSED_WITHOUT_OUTCOME" : state),
      marks: ({ feedbackBy }) => (feedbackBy === undefined ? {} : { resultBy: feedbackBy }),
    }),
  ];
} // prettier-ignore

/** Courts take a year where nothing nearer is known; as the schema says of a seizure. */
export const courtDays = 365;
