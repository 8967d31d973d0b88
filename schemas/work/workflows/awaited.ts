import type { EpochMs } from "../../ground/index.ts";
import type { Lane, Marks, Party } from "../lane.ts";
import type { Awaited } from "../workflow.ts";

/** A deadline that is stopped is none; one that stood is later by as long as it stood. */
function running({ marks }: Lane, at: EpochMs | undefined): EpochMs | undefined {
  return at === undefined || marks.stoppedAt !== undefined ? undefined : at + marks.stoodMs;
}

/** The other side is to say that it has it in hand. */
export const acknowledgement: Awaited = {
  closing: "ACKNOWLEDGEMENT",
  of: "OTHER",
  by: ({ opening, other, marks: { deliveredAt: from } }, terms) =>
    from === undefined ? undefined : terms.due("ACKNOWLEDGE", { urgency: opening.urgency, from, agency: other }),
}; // prettier-ignore

/** The other side is to answer: until when that was promised or extended to, or else by its urgency. */
export const result: Awaited = {
  closing: "RESULT",
  of: "OTHER",
  by: (lane, terms) => {
    const { opening, other, marks } = lane;
    const { resultBy, deliveredAt: from } = marks;
    if (resultBy !== undefined) return running(lane, resultBy);
    if (from === undefined) return undefined;
    return running(lane, terms.due("REPLY", { urgency: opening.urgency, from, agency: other }));
  },
};

/** A side is to answer a question that the other put meanwhile. */
export function answer(of: Party): Awaited {
  return { closing: "ANSWER", of, by: ({ marks }) => marks.answerBy };
}

/** The clock stands from this moment on, where it does not stand already. */
export function stopClock({ stoppedAt }: Marks, at: EpochMs): Partial<Marks> {
  return { stoppedAt: stoppedAt ?? at };
}

/** The clock runs on, as much later as it stood. */
export function runClock({ stoppedAt, stoodMs }: Marks, at: EpochMs): Partial<Marks> {
  if (stoppedAt === undefined) return { answerBy: undefined };
  return { stoppedAt: undefined, answerBy: undefined, stoodMs: stoodMs + Math.max(0, at - stoppedAt) };
} // prettier-ignore
