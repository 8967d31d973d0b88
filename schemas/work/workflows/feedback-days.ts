import { typeOptions } from "../../body/index.ts";
import type { EpochMs } from "../../ground/index.ts";
import type { Lane, Party } from "../lane.ts";
import type { Terms } from "../terms.ts";
import { type Awaited, move, type Move } from "../workflow.ts";

const dayMs = 86_400_000;
/** What is counted where the type names no days; where it names as many, the register may count otherwise. */
const commonDays = 30;

function daysOf({ opening }: Pick<Lane, "opening">): number {
  const days = typeOptions(opening.type)?.feedbackDays ?? 0;
  return days > 0 ? days : commonDays;
}

/** As many days after a moment as the type of the opening gives for what came of it. */
export function daysAfter(lane: Pick<Lane, "opening">, at: EpochMs): EpochMs {
  return at + daysOf(lane) * dayMs;
}

/** What leaves the matter in the state it is in. */
export function stays(_: unknown, { state }: Pick<Lane, "state">): string {
  return state;
}

function dueFrom(lane: Lane, terms: Terms, side: { readonly of: Party; readonly from: EpochMs }): EpochMs | undefined {
  const { opening, opener, other } = lane;
  const { of, from } = side;
  if (daysOf(lane) !== commonDays) return daysAfter(lane, from);
  const agency = of === "OPENER" ? opener : other;
  return terms.due("FEEDBACK", { urgency: opening.urgency, from, agency });
} // prettier-ignore

/**
 * A side is to say what came of it, counted from the delivery of the opening or from what was said last, or by the day
 * it was put off to. Who only reads a feed and has not acted on it is not waited for.
 */
export function feedbackAfter(since: "DELIVERY" | "ACT", of: Party): Awaited {
  return {
    closing: "FEEDBACK",
    of,
    by: (lane, terms) => {
      const { answerBy, deliveredAt, since: acted } = lane.marks;
      if (answerBy !== undefined) return answerBy;
      const from = since === "DELIVERY" ? deliveredAt : acted;
      return from === undefined ? undefined : dueFrom(lane, terms, { of, from });
    },
  };
}

/** Feedback closes, and so does a waiver, unless it only puts off. */
export function feedbackCloses(by: Party, from: readonly string[]): readonly Move[] {
  return [
    move({ on: "feedback.report", by, from, to: "CLOSED" }),
    move({
      on: "feedback.waiver",
      by,
      from,
      to: ({ feedbackBy }, { state }) => (feedbackBy === undefined ? "CLOSED_WITHOUT_FEEDBACK" : state),
      marks: ({ feedbackBy }) => (feedbackBy === undefined ? {} : { answerBy: feedbackBy }),
    }),
  ];
} // prettier-ignore
