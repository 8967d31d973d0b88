import { move, type Workflow } from "../workflow.ts";
import { answer } from "./awaited.ts";

const ends: Readonly<Record<string, string>> = {
  HOLDS: "HOLDS",
  CHANGED: "CHANGED",
  NOT_COMPETENT: "NOT_COMPETENT",
};

/**
 * Whether an entry of the directory still holds (domain §2.11): asked by name, answered once. Who tried and did not reach the
 * authority may try again until somebody did.
 */
export const contactCheck: Workflow = {
  name: "CONTACT_CHECK",
  opens: ["directory.ping"],
  first: "ASKED",
  opened: (step) => ({ answerBy: step.read("directory.ping")?.answerBy }),
  moves: [
    move({
      on: "directory.ping_answer",
      by: "OTHER",
      from: ["ASKED"],
      to: ({ contactState }, { state }) => ends[contactState] ?? state,
    }),
    move({ on: "request.remind", by: "OPENER", from: ["ASKED"], to: "ASKED" }),
    move({ on: "request.withdraw", by: "OPENER", from: ["ASKED"], to: "WITHDRAWN" }),
  ],
  awaits: { ASKED: [answer("OTHER")] },
};
