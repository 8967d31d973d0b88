import type { FeedbackReport, FeedbackWaiver, ReplyRefuse } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";
import { otherExplained } from "./named-parts.ts";

/** Who could answer in part says which part. */
const possiblePartIsNamed: Rule<BodyContext<ReplyRefuse>> = {
  code: "RULE_REFUSAL_PART_UNSAID",
  says: "partialPossible is true and possibleItems is empty; name the items that can be answered",
  find: ({ body: { partialPossible, possibleItems } }) =>
    partialPossible && possibleItems.length === 0 ? ["/possibleItems"] : [],
};

/** An incomplete request can be completed only by who knows what is missing. */
const missingIsNamed: Rule<BodyContext<ReplyRefuse>> = {
  code: "RULE_REFUSAL_MISSING_UNSAID",
  says: "a ground is INCOMPLETE and missing is empty; name what is missing",
  find: ({ body: { refusals, missing } }) =>
    refusals.includes("INCOMPLETE") && missing.length === 0 ? ["/missing"] : [],
};

const wrongDoor = ["NO_JUDICIAL_AUTH", "BEYOND_MANDATE", "NO_LEGAL_BASIS"];

/** Who came to the wrong door is shown the right one, or told that there is none. */
const otherRouteIsShown: Rule<BodyContext<ReplyRefuse>> = {
  code: "RULE_REFUSAL_WITHOUT_ROUTE",
  says: "the ground is want of power and otherRoute is missing; name the route that is open, or NONE",
  find: ({ body: { refusals, otherRoute } }) =>
    wrongDoor.some((ground) => refusals.includes(ground)) && otherRoute === undefined
      ? ["/otherRoute"]
      : [],
};

/** Who neither confirms nor denies does not say in another field that nothing is held. */
const holdingStaysUntold: Rule<BodyContext<ReplyRefuse>> = {
  code: "RULE_REFUSAL_TELLS_HOLDING",
  says: "holdingNotConfirmed is true and a ground says that nothing is held; keep one of the two",
  find: ({ body: { holdingNotConfirmed, refusals } }) =>
    holdingNotConfirmed === true && refusals.includes("NOT_HELD") ? ["/refusals"] : [],
};

/** A person taken for another must be named, so that the record is mended and not only the statistics. */
const wrongPersonIsNamed: Rule<BodyContext<FeedbackReport>> = {
  code: "RULE_WRONG_PERSON_UNNAMED",
  says: "usedFor holds WRONG_PERSON and wrongRefs is empty; name who of the target was the wrong one",
  find: ({ body: { usedFor, wrongRefs } }) =>
    usedFor.includes("WRONG_PERSON") && wrongRefs.length === 0 ? ["/wrongRefs"] : [],
};

/** What was of no use opened no case and earns no good mark. */
const feedbackAgrees: Rule<BodyContext<FeedbackReport>> = {
  code: "RULE_FEEDBACK_CONTRADICTS",
  says: "usedFor holds NOT_USEFUL beside another use, or usefulness is above 2; keep one of them",
  find: ({ body: { usedFor, usefulness } }) => {
    if (!usedFor.includes("NOT_USEFUL")) return [];
    const others = usedFor.filter((use) => use !== "NOT_USEFUL" && use !== "WRONG_PERSON");
    return [...(others.length > 0 ? ["/usedFor"] : []), ...(usefulness > 2 ? ["/usefulness"] : [])];
  },
};

/** A counted result is one of the uses that are told. */
const resultsAreTold: Rule<BodyContext<FeedbackReport>> = {
  code: "RULE_FEEDBACK_RESULT_UNSAID",
  says: "the kind of the result is not in usedFor; add it there or correct it",
  find: ({ body: { results, usedFor } }) =>
    results.flatMap(({ kind }, at) => (usedFor.includes(kind) ? [] : [`/results/${at}/kind`])),
};

/** Who wants more help says which. */
const helpIsSaid: Rule<BodyContext<FeedbackReport>> = {
  code: "RULE_FEEDBACK_HELP_UNSAID",
  says: "furtherHelp is true and helpWanted is missing; say what is wanted",
  find: ({ body: { furtherHelp, helpWanted } }) =>
    furtherHelp === true && helpWanted === undefined ? ["/helpWanted"] : [],
};

const putOff = new Set(["CASE_STILL_OPEN", "SECRECY_OF_INVESTIGATION"]);

/** Feedback that is put off has a day; else it is never given. */
const putOffHasDate: Rule<BodyContext<FeedbackWaiver>> = {
  code: "RULE_WAIVER_WITHOUT_DATE",
  says: "the reason passes with time and feedbackBy is missing; say when feedback will come",
  find: ({ body: { waiverReason, feedbackBy } }) =>
    putOff.has(waiverReason) && feedbackBy === undefined ? ["/feedbackBy"] : [],
};

/** Rules over the bodies of refusals and feedback. */
export const closingBodyRules = {
  "reply.refuse": [
    possiblePartIsNamed,
    missingIsNamed,
    otherRouteIsShown,
    holdingStaysUntold,
    otherExplained((body) => [["/explanation", body.refusals, body.explanation]]),
  ],
  "feedback.report": [wrongPersonIsNamed, feedbackAgrees, resultsAreTold, helpIsSaid],
  "feedback.waiver": [
    putOffHasDate,
    otherExplained((body) => [["/explanation", [body.waiverReason], body.explanation]]),
  ],
} satisfies BodyRules;

/** Rules over the whole of refusals and feedback. */
export const closingMessageRules = {
  "reply.refuse": [deadlinesAhead(({ askAgainAfter }) => ({ "/askAgainAfter": askAgainAfter }))],
  "feedback.waiver": [deadlinesAhead(({ feedbackBy }) => ({ "/feedbackBy": feedbackBy }))],
} satisfies MessageRules;
