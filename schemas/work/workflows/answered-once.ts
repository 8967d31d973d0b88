import { move, type Workflow } from "../workflow.ts";
import { acknowledgement, answer, result, runClock } from "./awaited.ts";
import { movesBySteps } from "./spoken-steps.ts";
import { patienceIn, questionsIn, told, toldBy } from "./what-came.ts";

const open = ["SENT", "ACKNOWLEDGED", "PARTLY_ANSWERED"] as const;
const unanswered = [...open, "WAITING_FOR_ASKER"] as const;

/** What a question with one whole answer has beside the answer itself. */
export const asking: Pick<Workflow, "first" | "moves" | "awaits"> = {
  first: "SENT",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
    move({ on: "reply.refuse", by: "OTHER", from: unanswered, to: "REFUSED" }),
    ...questionsIn(open, "ACKNOWLEDGED"),
    ...patienceIn(unanswered),
    ...toldBy("OPENER", ["ANSWERED"]),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    WAITING_FOR_ASKER: [answer("OPENER"), result],
    ANSWERED: [told("OPENER")],
  },
};

/**
 * Traces are compared (domain W8): asked, perhaps asked back, and one result that is signed by who examined them. What came of
 * it in the case is told by who asked.
 */
export const comparison: Workflow = {
  ...asking,
  name: "FORENSIC_COMPARISON",
  opens: ["forensic.compare"],
  opensFor: (step) => step.read("forensic.compare")?.step === "REQUEST",
  moves: [
    ...movesBySteps({
      on: "forensic.compare",
      stepOf: ({ step }) => step,
      rows: [
        {
          says: ["RESULT"],
          by: "OTHER",
          from: ["SENT", "ACKNOWLEDGED", "WAITING_FOR_ASKER"],
          to: "ANSWERED",
          marks: (_, { step, lane }) => runClock(lane.marks, step.at),
        },
      ],
    }),
    ...asking.moves.map((one) => ({ ...one, from: one.from.filter((state) => state !== "PARTLY_ANSWERED") })),
  ],
}; // prettier-ignore

/**
 * Assets are looked for, before any formal request (domain §2.9, T43): register by register, so an answer with kinds still
 * pending is a part. When every kind was refused, so was the request.
 */
export const assetTrace: Workflow = {
  ...asking,
  name: "ASSET_TRACE",
  opens: ["asset.trace_request"],
  opened: (step) => ({ resultBy: step.read("asset.trace_request")?.neededBy }),
  moves: [
    move({
      on: "asset.trace_reply",
      by: "OTHER",
      from: unanswered,
      to: ({ answers, pending }) => {
        if (pending.length > 0) return "PARTLY_ANSWERED";
        return answers.every(({ outcome }) => outcome === "REFUSED") ? "REFUSED" : "ANSWERED";
      },
      marks: (_, { step, lane }) => runClock(lane.marks, step.at),
    }),
    ...asking.moves,
  ],
  awaits: { ...asking.awaits, PARTLY_ANSWERED: [result] },
};
