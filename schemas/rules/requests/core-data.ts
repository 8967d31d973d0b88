import type { CoreDataReply, CoreDataRequest } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead, eventsBefore } from "./moments.ts";
import { foundIsEvaluated, purposeIsNamed, refsAreThere } from "./named-parts.ts";
import { type Grants, grantsAreAhead, grantsAreComplete } from "./recipients.ts";

const given = new Set(["GIVEN", "PARTLY"]);
const keptBack = new Set(["PARTLY", "WITHHELD"]);

/** Someone who waits at a post waits until an hour the law names. */
const holdingEnds: Rule<BodyContext<CoreDataRequest>> = {
  code: "RULE_HELD_WITHOUT_END",
  says: "subjectHeld is true and heldUntil is missing; say when the law lets the person go",
  find: ({ body: { subjectHeld, heldUntil } }) =>
    subjectHeld === true && heldUntil === undefined ? ["/heldUntil"] : [],
};

/** "Given" comes with what is given. */
const givenIsThere: Rule<BodyContext<CoreDataReply>> = {
  code: "RULE_CORE_DATA_NOT_GIVEN",
  says: "the decision is to give and nothing is given; add refs, text, objects or attachments, or correct it",
  find: ({ body: { hitAnswers, objects, attachments } }) => {
    const givesThings = objects !== undefined || attachments.length > 0;
    return hitAnswers.flatMap(({ coreDecision, refs, text }, at) =>
      given.has(coreDecision) && refs.length === 0 && text === undefined && !givesThings
        ? [`/hitAnswers/${at}`]
        : [],
    );
  },
};

/** What is kept back is kept back for a reason. */
const keepingHasGround: Rule<BodyContext<CoreDataReply>> = {
  code: "RULE_CORE_DATA_WITHHELD_WITHOUT_GROUND",
  says: "data are kept back and refusals is empty; name the ground",
  find: ({ body: { hitAnswers } }) =>
    hitAnswers.flatMap(({ coreDecision, refusals }, at) =>
      keptBack.has(coreDecision) && refusals.length === 0 ? [`/hitAnswers/${at}/refusals`] : [],
    ),
};

const grantsOf: Grants<CoreDataReply> = ({ consents }) =>
  consents.map((grant, at) => [`/consents/${at}`, grant]);

/** Rules over the bodies of core data after a hit. */
export const coreDataBodyRules = {
  "core_data.request": [holdingEnds],
  "core_data.reply": [
    givenIsThere,
    keepingHasGround,
    refsAreThere(({ hitAnswers }) =>
      Object.fromEntries(hitAnswers.map(({ refs }, at) => [`/hitAnswers/${at}/refs`, refs])),
    ),
    grantsAreComplete(grantsOf),
  ],
} satisfies BodyRules;

/** Rules over the whole of core data after a hit. */
export const coreDataMessageRules = {
  "core_data.request": [
    purposeIsNamed,
    eventsBefore(({ confirmedAt }) => ({ "/confirmedAt": confirmedAt })),
    deadlinesAhead(({ heldUntil }) => ({ "/heldUntil": heldUntil })),
  ],
  "core_data.reply": [
    foundIsEvaluated(({ hitAnswers }) => {
      const at = hitAnswers.findIndex(({ coreDecision }) => given.has(coreDecision));
      return at < 0 ? undefined : `/hitAnswers/${at}/coreDecision`;
    }),
    grantsAreAhead(grantsOf),
  ],
} satisfies MessageRules;
