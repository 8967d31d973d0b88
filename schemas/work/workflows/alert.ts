import { move, type Workflow } from "../workflow.ts";
import { published } from "./owner-acts.ts";
import { feedbackAfter, feedbackCloses } from "./feedback-days.ts";

const open = ["PUBLISHED", "TAKEN_UP"] as const;

/**
 * An alert in a feed, of an incident or of a movement of smuggled migrants (domain W2): whoever takes it up says so and
 * later what came of it, each reader for himself; its owner says what is new, or takes it back.
 */
export const alert: Workflow = {
  name: "ALERT",
  opens: ["alert.incident", "som.movement"],
  first: "PUBLISHED",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["PUBLISHED"], to: "TAKEN_UP" }),
    ...published(open),
    ...feedbackCloses("OTHER", open),
  ],
  awaits: {
    PUBLISHED: [feedbackAfter("DELIVERY", "OTHER")],
    TAKEN_UP: [feedbackAfter("DELIVERY", "OTHER")],
  },
};

/** A bulletin: it stands until it is taken back; feedback is welcome, and nobody waits for it. */
export const bulletin: Workflow = {
  name: "BULLETIN",
  opens: ["bulletin.red_flag", "bulletin.threat"],
  first: "PUBLISHED",
  moves: [
    ...published(["PUBLISHED"]),
    move({ on: "feedback.report", by: "OTHER", from: ["PUBLISHED"], to: "CLOSED" }),
  ],
  awaits: { PUBLISHED: [] },
};
