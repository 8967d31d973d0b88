import type { Lane, Party } from "../lane.ts";
import { move, type Move } from "../workflow.ts";
import { daysAfter } from "./feedback-days.ts";

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
      marks: ({ usefulness }, { step, lane }) =>
        usefulness === "TOO_EARLY" ? { answerBy: daysAfter(lane, step.at) } : {},
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
