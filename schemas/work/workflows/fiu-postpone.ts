import { type Awaited, move, type Workflow } from "../workflow.ts";
import { acknowledgement, result } from "./awaited.ts";
import { fiuClosings } from "./fiu-feedback.ts";

const hourMs = 3_600_000;
const open = ["SENT", "ACKNOWLEDGED"] as const;

/** Results by which money is held. */
const holding: ReadonlySet<string> = new Set(["TRANSACTION_STOPPED", "ASSETS_RESTRAINED"]);

/** Who asked for the hold says what becomes of the money before the hold ends by itself. */
const beforeItEnds: Awaited = {
  closing: "DECISION",
  of: "OPENER",
  by: ({ marks }) => marks.resultBy,
};

/**
 * Hold this transaction, because tomorrow the money is gone (domain W4, fiu.postpone_request). The unit asked says in the
 * urgent clock whether it is held. A hold ends by itself after the hours that were asked for; until then who asked says what
 * came of it, or takes it back.
 */
export const fiuPostpone: Workflow = {
  name: "FIU_POSTPONE",
  opens: ["fiu.postpone_request"],
  first: "SENT",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
    move({
      on: "fiu.feedback",
      by: "OTHER",
      from: open,
      to: ({ results }) => (results.some((one) => holding.has(one)) ? "HELD" : "NOT_HELD"),
      marks: (_, { step, lane }) => ({
        resultBy: step.at + (lane.opening.read("fiu.postpone_request")?.maxHours ?? 0) * hourMs,
      }),
    }),
    move({ on: "reply.refuse", by: "OTHER", from: open, to: "REFUSED" }),
    ...fiuClosings("OPENER", ["HELD"], "HELD"),
    move({ on: "request.withdraw", by: "OPENER", from: [...open, "HELD"], to: "WITHDRAWN" }),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    HELD: [beforeItEnds],
  },
};
