import type { ItemAnswer, Objects, ReplyFinal, ReplyInterim } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";
import { foundIsEvaluated, refsAreThere } from "./named-parts.ts";
import { type Grants, grantsAreAhead, grantsAreComplete } from "./recipients.ts";

const found = new Set(["HIT", "PARTIAL"]);

/** What both replies have. */
interface Answering {
  readonly itemAnswers: readonly ItemAnswer[];
  readonly objects?: Objects | undefined;
  readonly attachments: readonly unknown[];
}

function refsOf({ itemAnswers }: Answering): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(itemAnswers.map(({ refs }, at) => [`/itemAnswers/${at}/refs`, refs]));
}

/** "Found" comes with what was found. */
const foundIsGiven: Rule<BodyContext<Answering>> = {
  code: "RULE_ANSWER_WITHOUT_DATA",
  says: "the item was found and nothing is given; add text, refs, objects or attachments, or correct the outcome",
  find: ({ body: { itemAnswers, objects, attachments } }) => {
    const givesThings = objects !== undefined || attachments.length > 0;
    return itemAnswers.flatMap(({ outcome, text, refs }, at) =>
      found.has(outcome) && text === undefined && refs.length === 0 && !givesThings
        ? [`/itemAnswers/${at}`]
        : [],
    );
  },
};

/** A refused item says why, as a refused request does. */
const refusedItemHasGround: Rule<BodyContext<Answering>> = {
  code: "RULE_ITEM_REFUSED_WITHOUT_GROUND",
  says: "the item is refused and refusal is missing; name the ground",
  find: ({ body: { itemAnswers } }) =>
    itemAnswers.flatMap(({ outcome, refusal }, at) =>
      outcome === "REFUSED" && refusal === undefined ? [`/itemAnswers/${at}/refusal`] : [],
    ),
};

/** An interim reply says what is still to come. */
const somethingIsPending: Rule<BodyContext<ReplyInterim>> = {
  code: "RULE_INTERIM_NOTHING_PENDING",
  says: "pendingItems and waitingOn are both empty; say what is to come, or send reply.final",
  find: ({ body: { pendingItems, waitingOn } }) =>
    pendingItems.length === 0 && waitingOn.length === 0 ? ["/pendingItems"] : [],
};

/** A final reply leaves none of what was asked without an outcome. */
const everyItemIsAnswered: Rule<BodyContext<ReplyFinal>> = {
  code: "RULE_FINAL_ITEM_UNANSWERED",
  says: "the item was asked and has no answer; add its outcome, or send reply.interim",
  find: ({ body: { itemCodes, itemAnswers } }) => {
    const answered = new Set(itemAnswers.map(({ item }) => item));
    return itemCodes.flatMap((code, at) => (answered.has(code) ? [] : [`/itemCodes/${at}`]));
  },
};

/** The outcome of the whole is what its items say: found if one was, and whole only if none was missing. */
const outcomeFitsItems: Rule<BodyContext<ReplyFinal>> = {
  code: "RULE_OUTCOME_CONTRADICTS_ITEMS",
  says:
    "outcome contradicts the items: HIT and PARTIAL need an item that was found, NO_HIT and NOT_HELD need none, " +
    "and REFUSED is reply.refuse",
  find: ({ body: { outcome, itemAnswers } }) => {
    const anyFound = itemAnswers.some((answer) => found.has(answer.outcome));
    const fits = outcome !== "REFUSED" && found.has(outcome) === anyFound;
    return fits ? [] : ["/outcome"];
  },
};

const grantsOf: Grants<ReplyFinal> = ({ consents }) =>
  consents.map((grant, at) => [`/consents/${at}`, grant]);

/** Rules over the bodies of replies. */
export const replyBodyRules = {
  "reply.interim": [somethingIsPending, foundIsGiven, refusedItemHasGround, refsAreThere(refsOf)],
  "reply.final": [
    everyItemIsAnswered,
    outcomeFitsItems,
    foundIsGiven,
    refusedItemHasGround,
    refsAreThere(refsOf),
    grantsAreComplete(grantsOf),
  ],
} satisfies BodyRules;

/** Rules over the whole of replies. */
export const replyMessageRules = {
  "reply.interim": [deadlinesAhead(({ expectedBy }) => ({ "/expectedBy": expectedBy }))],
  "reply.final": [
    foundIsEvaluated(({ outcome }) => (found.has(outcome) ? "/outcome" : undefined)),
    grantsAreAhead(grantsOf),
  ],
} satisfies MessageRules;
