import type { Bodies } from "../../gen/index.ts";
import type { Lane } from "../lane.ts";
import { move, type Workflow } from "../workflow.ts";

const open = ["PUBLISHED", "PARTLY_DESTROYED"] as const;

function diverted({ opening }: Lane): number {
  const { firearms = [], lots = [] } = opening.read("firearm.diversion") ?? {};
  return firearms.length + lots.reduce((sum, { count }) => sum + count, 0);
}

/** How many are still somewhere after this destruction. */
function missing(lane: Lane, now: Bodies["firearm.destroyed"]): number {
  const before = lane.applied.map((step) => step.read("firearm.destroyed")?.count ?? 0);
  return diverted(lane) - before.reduce((sum, count) => sum + count, now.count);
}

/**
 * Firearms that left lawful hands (domain W9): who may meet them next knows. It ends when all of them were destroyed, or when
 * it is cancelled; whoever met some says so in feedback, which closes it for him alone.
 */
export const firearmDiversion: Workflow = {
  name: "FIREARM_DIVERSION",
  opens: ["firearm.diversion"],
  first: "PUBLISHED",
  moves: [
    move({
      on: "firearm.destroyed",
      by: "EITHER",
      from: open,
      to: (body, lane) => (missing(lane, body) > 0 ? "PARTLY_DESTROYED" : "DESTROYED"),
    }),
    move({ on: "feedback.report", by: "OTHER", from: open, to: "CLOSED" }),
    move({ on: "feedback.waiver", by: "OTHER", from: open, to: "CLOSED_WITHOUT_FEEDBACK" }),
    move({ on: "alert.cancel", by: "OPENER", from: open, to: "CANCELLED" }),
  ],
  awaits: { PUBLISHED: [], PARTLY_DESTROYED: [] },
};
