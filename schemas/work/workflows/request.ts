import type { MessageType } from "../../body/index.ts";
import { move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement, answer, result, runClock, stopClock } from "./awaited.ts";
import { feedbackAfter, feedbackCloses } from "./feedback-days.ts";

const open = ["SENT", "ACKNOWLEDGED", "PARTLY_ANSWERED"] as const;
const unanswered = [...open, "WAITING_FOR_ASKER"] as const;

const answers: readonly Move[] = [
  move({
    on: "request.acknowledge",
    by: "OTHER",
    from: ["SENT"],
    to: "ACKNOWLEDGED",
  }),
  move({
    on: "reply.interim",
    by: "OTHER",
    from: open,
    to: "PARTLY_ANSWERED",
    marks: ({ expectedBy, waitingOn }) => ({ resultBy: expectedBy, waitingOn }),
  }),
  // one final reply to each asker: a second one finds no state that takes it
  move({
    on: "reply.final",
    by: "OTHER",
    from: unanswered,
    to: "ANSWERED",
    // who answers though he asked back waits no longer
    marks: (_, { lane, step }) => runClock(lane.marks, step.at),
  }),
  move({
    on: "reply.refuse",
    by: "OTHER",
    from: unanswered,
    // a refusal of some items leaves the others to be answered
    to: ({ itemCodes }, { state }) => (itemCodes.length === 0 ? "REFUSED" : state),
  }),
  move({
    on: "request.transfer",
    by: "OTHER",
    from: unanswered,
    to: ({ itemCodes }, { state }) => (itemCodes.length === 0 ? "TRANSFERRED" : state),
  }),
];

/** Asking back, and the answer to it; the clock may stand meanwhile. */
export const questions: readonly Move[] = [
  move({
    on: "request.more_info",
    by: "OTHER",
    from: unanswered,
    to: "WAITING_FOR_ASKER",
    marks: ({ clockStopped, answerBy }, { lane, step }) => ({
      answerBy,
      ...(clockStopped ? stopClock(lane.marks, step.at) : {}),
    }),
  }),
  move({
    on: "request.answer",
    by: "OPENER",
    from: ["WAITING_FOR_ASKER"],
    to: "ACKNOWLEDGED",
    marks: (_, { lane, step }) => runClock(lane.marks, step.at),
  }),
];

/** More time, reminding, turning to those above, and taking it back. */
export const patience: readonly Move[] = [
  move({
    on: "request.extend",
    by: "EITHER",
    from: unanswered,
    to: (_, { state }) => state,
    marks: ({ newReplyBy, waitingOn }) => ({ resultBy: newReplyBy, waitingOn }),
  }),
  move({ on: "request.remind", by: "OPENER", from: unanswered, to: (_, { state }) => state }),
  move({
    on: "request.escalate",
    by: "OPENER",
    from: unanswered,
    to: (_, { state }) => state,
    // who turns to those above the one asked has waited until the deadline
    unless: ({ dueAt }, { step }) => (step.at < dueAt ? "NOT_DUE_YET" : undefined),
  }),
  move({ on: "request.withdraw", by: "OPENER", from: unanswered, to: "WITHDRAWN" }),
];

/** What a request of this kind is opened by. */
const opens: readonly MessageType[] = ["request.information"];

/**
 * A request: asked, acknowledged, perhaps asked back, answered in parts and then whole, or refused, and what came of it told.
 * Each agency asked has a matter of its own, with its own clocks (domain W1).
 */
export const request: Workflow = {
  name: "REQUEST",
  opens,
  first: "SENT",
  opened: (step) => ({ resultBy: step.read("request.information")?.replyBy }),
  moves: [...answers, ...questions, ...patience, ...feedbackCloses("OPENER", ["ANSWERED"])],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    PARTLY_ANSWERED: [result],
    WAITING_FOR_ASKER: [answer("OPENER"), result],
    ANSWERED: [feedbackAfter("ACT", "OPENER")],
  },
};
