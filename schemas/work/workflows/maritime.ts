import { type Awaited, move, type Workflow } from "../workflow.ts";
import { cancelled } from "./owner-acts.ts";
import { daysAfter } from "./feedback-days.ts";

/** A report follows within the days of the type after the one before it. */
const nextReport: Awaited = {
  closing: "RESULT",
  of: "OPENER",
  by: (lane) => lane.marks.resultBy ?? daysAfter(lane, lane.opening.at),
};

/**
 * An incident at sea (domain §2.7): first report, follow-ups, final report, all of one type. Who reported first is asked for
 * the next report until one is final; who saw it too, or boarded, adds his own. An incident whose only report is
 * final awaits nothing.
 */
export const maritime: Workflow = {
  name: "MARITIME_INCIDENT",
  opens: ["maritime.incident"],
  first: "REPORTED",
  begins: (step) => (step.read("maritime.incident")?.stage === "FINAL" ? "CLOSED" : "REPORTED"),
  moves: [
    move({
      on: "maritime.incident",
      by: "OPENER",
      from: ["REPORTED"],
      to: ({ stage }, { state }) => (stage === "FINAL" ? "CLOSED" : state),
      marks: (_, { step, lane }) => ({ resultBy: daysAfter(lane, step.at) }),
    }),
    // another's report is his own account: it does not close what the first reporter still owes
    move({ on: "maritime.incident", by: "OTHER", from: ["REPORTED"], to: "REPORTED" }),
    cancelled(["REPORTED"]),
  ],
  awaits: { REPORTED: [nextReport] },
};
