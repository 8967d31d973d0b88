import type { EpochMs } from "../ground/index.ts";

/** How long something may take. */
export type Term = "ACKNOWLEDGE" | "REPLY" | "FEEDBACK";

/** The deadlines that hold; they come of the register, so two sides that hold the same epoch reckon alike. */
export interface Terms {
  /**
   * When something is due of an agency that began at a moment; in its working days where the register says so. Undefined
   * where no deadline is set, as for a formal request that follows its treaty.
   */
  due(term: Term, at: { readonly urgency: string; readonly from: EpochMs; readonly agency: string }): EpochMs | undefined;
} // prettier-ignore

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Acknowledgement and reply by urgency: Directive (EU) 2023/977 art. 5, Egmont practice, and our own for the rest. */
const standing: Readonly<Record<string, readonly [number, number | undefined]>> = {
  FLASH: [30 * minute, 4 * hour],
  URGENT_DIRECT: [hour, 8 * hour],
  URGENT_INDIRECT: [hour, 3 * day],
  NORMAL: [day, 7 * day],
  ROUTINE: [3 * day, 14 * day],
  FIU_HELD: [2 * day, 7 * day],
  FIU_EXTERNAL: [2 * day, 30 * day],
  HIT_CORE: [2 * day, 2 * day],
  TRACE: [3 * day, 30 * day],
  MLA: [7 * day, undefined],
};
const feedbackMs = 30 * day;

/** The terms of a register that sets none of its own. */
export const standingTerms: Terms = {
  due: (term, { urgency, from }) => {
    if (term === "FEEDBACK") return from + feedbackMs;
    const [acknowledge, reply] = standing[urgency] ?? [3 * day, 14 * day];
    const ms = term === "ACKNOWLEDGE" ? acknowledge : reply;
    return ms === undefined ? undefined : from + ms;
  },
};
