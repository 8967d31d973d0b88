import type { Lane } from "../lane.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";
import { cancelled } from "./owner-acts.ts";

const open = ["WARNED", "WILL_ACT", "MORE_ASKED"] as const;

/** Whether a warning asks this agency's country; of whoever has not said anything yet, each knows for himself. */
function isAsked({ opening, other }: Lane): boolean {
  const { askedOf = [], countries = [] } = opening.read("warning.trend") ?? {};
  const asked = askedOf.length > 0 ? askedOf : countries;
  return other === "" || asked.includes(other.slice(0, 2).toUpperCase());
}

/** By the day the warning names: it asks for an answer, because nobody complains that nobody warned. */
const response: Awaited = {
  closing: "RESULT",
  of: "OTHER",
  by: (lane) => (isAsked(lane) ? lane.opening.read("warning.trend")?.replyBy : undefined),
};

const promised: Awaited = { closing: "RESULT", of: "OTHER", by: ({ marks }) => marks.resultBy };

const more: Awaited = {
  closing: "ANSWER",
  of: "OPENER",
  by: ({ opening: { urgency }, opener, marks: { since: from } }, terms) =>
    terms.due("REPLY", { urgency, from, agency: opener }),
};

const after: Readonly<Record<string, string>> = {
  ACTING: "ACTING",
  ALREADY_COVERED: "ALREADY_COVERED",
  WILL_ACT: "WILL_ACT",
  NO_ACTION: "NO_ACTION",
  MORE_NEEDED: "MORE_ASKED",
};

/**
 * Early warning and response (domain §10): each state that is asked answers by the day named, acts, or says why not. Who
 * promised to act by a day is asked again on that day; who needs more gets it from the one who warned.
 */
export const warning: Workflow = {
  name: "EARLY_WARNING",
  opens: ["warning.trend"],
  first: "WARNED",
  moves: [
    move({
      on: "warning.response",
      by: "OTHER",
      from: open,
      to: ({ response: said }, { state }) => after[said] ?? state,
      unless: ({ response: said, inactionReasons }) =>
        said === "NO_ACTION" && inactionReasons.length === 0 ? "INCOMPLETE" : undefined,
      marks: ({ actBy }) => ({ resultBy: actBy }),
    }),
    move({ on: "request.answer", by: "OPENER", from: ["MORE_ASKED"], to: "WARNED" }),
    move({
      on: "alert.update",
      by: "OPENER",
      from: open,
      to: (_, { state }) => (state === "MORE_ASKED" ? "WARNED" : state),
    }),
    cancelled(open),
  ],
  awaits: { WARNED: [response], WILL_ACT: [promised], MORE_ASKED: [more, response] },
};
