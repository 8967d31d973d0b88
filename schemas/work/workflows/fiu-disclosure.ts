import { move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { feedbackAfter } from "./feedback-days.ts";
import { fiuClosings } from "./fiu-feedback.ts";

const open = ["SENT", "RECEIVED"] as const;

/**
 * What one financial intelligence unit tells another without being asked: a disclosure, a report passed on whole, or
 * cross-border reports in bulk (domain W4). It closes when it is told what came of it, for a bulk of each of its
 * reports, or that nothing will be told. Whether it may be passed on is a matter of its own; see the consent asked
 * between units.
 */
export const fiuDisclosure: Workflow = {
  name: "FIU_DISCLOSURE",
  opens: ["fiu.spontaneous", "fiu.report", "fiu.bulk_cbr"],
  first: "SENT",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "RECEIVED" }),
    move({ on: "request.remind", by: "OPENER", from: open, to: (_, { state }) => state }),
    ...fiuClosings("OTHER", open, "RECEIVED"),
  ],
  awaits: {
    SENT: [acknowledgement, feedbackAfter("DELIVERY", "OTHER")],
    RECEIVED: [feedbackAfter("DELIVERY", "OTHER")],
  },
};
