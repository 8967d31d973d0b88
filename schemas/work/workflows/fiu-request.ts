import { move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement, answer, result, runClock } from "./awaited.ts";
import { feedbackAfter } from "./feedback-days.ts";
import { fiuClosings } from "./fiu-feedback.ts";
import { patience, questions } from "./request.ts";

const open = ["SENT", "ACKNOWLEDGED", "PARTLY_ANSWERED"] as const;
const unanswered = [...open, "WAITING_FOR_ASKER"] as const;

const answers: readonly Move[] = [
  // another unit has it; of a part that goes there the rest is still awaited here
  move({
    on: "request.transfer",
    by: "OTHER",
    from: unanswered,
    to: ({ itemCodes }, { state }) => (itemCodes.length === 0 ? "TRANSFERRED" : state),
  }),
  move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
  move({
    on: "fiu.reply",
    by: "OTHER",
    from: unanswered,
    to: ({ pending, refusalGround }) => {
      if (refusalGround !== undefined) return "REFUSED";
      return pending.length > 0 ? "PARTLY_ANSWERED" : "ANSWERED";
    },
    // who answers though he asked back waits no longer
    marks: ({ pending, nextReplyBy, waitingFor }, { step, lane: { marks } }) => ({
      ...runClock(marks, step.at),
      waitingOn: waitingFor,
      ...(pending.length > 0 ? { resultBy: nextReplyBy ?? marks.resultBy } : {}),
    }),
  }),
];

/**
 * A financial intelligence unit asks others (domain W4 over W1): question by question, with the clocks of its urgency, which
 * are those of what is held and of what banks must be asked for. A reply with questions pending is a part; there is one
 * that is whole. Each unit asked has a matter of its own, with clocks of its own (T19), and only feedback or a waiver
 * closes it (T20).
 */
export const fiuRequest: Workflow = {
  name: "FIU_REQUEST",
  opens: ["fiu.request"],
  first: "SENT",
  opened: (step) => ({ resultBy: step.read("fiu.request")?.replyBy }),
  moves: [
    ...answers,
    ...questions,
    ...patience,
    ...fiuClosings("OPENER", ["ANSWERED"], "ANSWERED"),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    PARTLY_ANSWERED: [result],
    WAITING_FOR_ASKER: [answer("OPENER"), result],
    ANSWERED: [feedbackAfter("ACT", "OPENER")],
  },
};
