import type { EpochMs } from "../../ground/index.ts";
import { typeOptions } from "../../body/index.ts";
import type { Lane, Party } from "../lane.ts";
import type { Terms } from "../terms.ts";
import { type Awaited, move, type Move } from "../workflow.ts";

const dayMs = 86_400_000;
/** What the terms count where neither the type nor the register says otherwise. */
const commonDays = 30;

function feedbackFrom(lane: Lane, terms: Terms, of: Party): EpochMs | undefined {
  const { opening, opener, other, marks, state } = lane;
  if (marks.answerBy !== undefined) return marks.answerBy;
  // what was told unasked is to be answered from the day it came; an answer from the day it was given
  const from = state === "SENT" || state === "RECEIVED" ? marks.deliveredAt : marks.since;
  if (from === undefined) return undefined;
  const days = typeOptions(opening.type)?.feedbackDays ?? 0;
  if (days > 0 && days !== commonDays) return from + days * dayMs;
  const agency = of === "OPENER" ? opener : other;
  return terms.due("FEEDBACK", { urgency: opening.urgency, from, agency });
}

/**
 * A side is to say what came of it: as many days after it came, or after it was answered, as the type says; as the
 * register says where the type has the common thirty; or when it was put off to.
 */
export function fiuFeedback(of: Party): Awaited {
  return { closing: "FEEDBACK", of, by: (lane, terms) => feedbackFrom(lane, terms, of) };
}

/** Reports of a bulk that nobody has said anything about, this feedback included; one without references is about all. */
function leftUntold({ opening, applied }: Lane, now: readonly string[]): readonly string[] {
  const sent = opening.read("fiu.bulk_cbr")?.reports.map(({ reportRef }) => reportRef) ?? [];
  if (now.length === 0) return [];
  const told = applied.map((step) => step.read("fiu.feedback"));
  const final = told.filter((one) => one !== undefined && one.usefulness !== "TOO_EARLY");
  const refs = new Set([...now, ...final.flatMap((one) => one?.reportRefs ?? [])]);
  return sent.filter((ref) => !refs.has(ref));
}

/** Closing by feedback or by a waiver: what is too early to say or put off closes nothing, and moves the clock. */
export function fiuClosings(by: Party, from: readonly string[], open: string): readonly Move[] {
  return [
    move({
      on: "fiu.feedback",
      by,
      from,
      to: ({ usefulness, reportRefs }, lane) =>
        usefulness === "TOO_EARLY" || leftUntold(lane, reportRefs).length > 0 ? open : "CLOSED",
      marks: ({ usefulness }, { step }) =>
        usefulness === "TOO_EARLY" ? { answerBy: step.at + commonDays * dayMs } : {},
    }),
    move({
      on: "feedback.waiver",
      by,
      from,
      to: ({ feedbackBy }) => (feedbackBy === undefined ? "CLOSED_WITHOUT_FEEDBACK" : open),
      marks: ({ feedbackBy }) => (feedbackBy === undefined ? {} : { answerBy: feedbackBy }),
    }),
  ];
}
