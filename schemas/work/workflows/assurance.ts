import { renderUuid } from "../../ground/index.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";
import { acknowledgement, answer, result } from "./awaited.ts";
import { patienceIn, toldBy } from "./what-came.ts";

const open = ["ASKED", "ACKNOWLEDGED"] as const;
const given = ["GIVEN", "GIVEN_IN_PART"] as const;

/** Who asked decides whether a part is enough, or asks again. */
const nothing: readonly Awaited[] = [];

/**
 * An assurance before a person or a case goes over (domain §10): who would hand over asks, who would receive promises by who
 * binds his state. What is given in part may be given in full later; a promise once given is not taken back by saying no.
 * A breach names the promise, and who gave it answers for it. While it is asked and not given, the handover is withheld.
 */
export const assurance: Workflow = {
  name: "ASSURANCE",
  opens: ["assurance.request"],
  first: "ASKED",
  opened: (step) => {
    const body = step.read("assurance.request");
    const ends = [body?.replyBy, body?.heldUntil].filter((at) => at !== undefined);
    return ends.length === 0 ? {} : { resultBy: Math.min(...ends) };
  },
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["ASKED"], to: "ACKNOWLEDGED" }),
    move({
      on: "assurance.given",
      by: "OTHER",
      from: [...open, "GIVEN_IN_PART"],
      to: ({ decision, assurances }, { opening }) => {
        if (decision === "REFUSED") return "REFUSED";
        const asked = opening.read("assurance.request")?.assurances ?? [];
        return asked.every((one) => assurances.includes(one)) ? "GIVEN" : "GIVEN_IN_PART";
      },
      unless: ({ decision }, { lane: { state } }) =>
        state === "GIVEN_IN_PART" && decision === "REFUSED" ? "OUT_OF_TURN" : undefined,
    }),
    move({
      on: "assurance.breached",
      by: "OPENER",
      from: given,
      to: "BREACHED",
      unless: ({ assuranceId }, { lane }) =>
        lane.applied.some(({ id, type }) => type === "assurance.given" && id === renderUuid(assuranceId))
          ? undefined
          : "OUT_OF_TURN",
      marks: ({ replyBy }) => ({ answerBy: replyBy }),
    }),
    ...patienceIn(open),
    ...toldBy("OTHER", ["BREACHED"]),
  ],
  awaits: {
    ASKED: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    GIVEN: nothing,
    GIVEN_IN_PART: nothing,
    BREACHED: [answer("OTHER")],
  },
}; // prettier-ignore
