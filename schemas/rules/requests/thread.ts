import type {
  RequestAcknowledge,
  RequestAnswer,
  RequestExtend,
  RequestMoreInfo,
  RequestWithdraw,
} from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead, eventsBefore } from "./moments.ts";
import { otherExplained } from "./named-parts.ts";

/** An urgency may be assessed anew, but not without a word to the one who set it. */
const assessmentIsReasoned: Rule<BodyContext<RequestAcknowledge>> = {
  code: "RULE_URGENCY_ASSESSED_WITHOUT_REASON",
  says: "assessedUrgency is given without assessedReason; say why, or leave the urgency as it was",
  find: ({ body: { assessedUrgency, assessedReason } }) =>
    assessedUrgency !== undefined && assessedReason === undefined ? ["/assessedReason"] : [],
};

/** Asking for more says what is missing, as codes or as questions. */
const somethingIsAsked: Rule<BodyContext<RequestMoreInfo>> = {
  code: "RULE_MORE_INFO_WITHOUT_QUESTION",
  says: "missing and questions are both empty; say what is needed to go on",
  find: ({ body: { missing, questions } }) =>
    missing.length === 0 && questions.length === 0 ? ["/questions"] : [],
};

/** A clock that stands says until when it waits, or it never runs again. */
const stoppedClockEnds: Rule<BodyContext<RequestMoreInfo>> = {
  code: "RULE_CLOCK_STOPPED_WITHOUT_END",
  says: "clockStopped is true and answerBy is missing; say until when the answer is awaited",
  find: ({ body: { clockStopped, answerBy } }) =>
    clockStopped && answerBy === undefined ? ["/answerBy"] : [],
};

/** An answer says something, be it that there is no more to say. */
const answerSaysSomething: Rule<BodyContext<RequestAnswer>> = {
  code: "RULE_ANSWER_EMPTY",
  says: "the answer holds nothing; answer the questions, add what was missing, or set cannotAnswer",
  find: ({ body }) => {
    const { answers, offences, persons, organisations, attachments } = body;
    const lists: readonly (readonly unknown[])[] = [
      answers,
      offences,
      persons,
      organisations,
      attachments,
    ];
    const singles = [body.objects, body.authorisation, body.periodFrom, body.periodTo];
    const isEmpty =
      lists.every((list) => list.length === 0) && singles.every((one) => one === undefined);
    return isEmpty && body.cannotAnswer !== true ? ["/answers"] : [];
  },
};

/** More time is a later date. */
const extensionIsLater: Rule<BodyContext<RequestExtend>> = {
  code: "RULE_EXTENSION_NOT_LATER",
  says: "newReplyBy is not after dueAt; choose a later date",
  find: ({ body: { dueAt, newReplyBy } }) => (newReplyBy <= dueAt ? ["/newReplyBy"] : []),
};

/** Who must delete is told by when. */
const purgeHasDate: Rule<BodyContext<RequestWithdraw>> = {
  code: "RULE_PURGE_WITHOUT_DATE",
  says: "mustPurge is true and purgeBy is missing; say by when the request is deleted",
  find: ({ body: { mustPurge, purgeBy } }) =>
    mustPurge && purgeBy === undefined ? ["/purgeBy"] : [],
};

/** Rules over the bodies of what follows a request in its thread. */
export const threadBodyRules = {
  "request.acknowledge": [assessmentIsReasoned],
  "request.more_info": [
    somethingIsAsked,
    stoppedClockEnds,
    otherExplained(({ missing, questions }) => [["/questions", missing, questions[0]]]),
  ],
  "request.answer": [
    answerSaysSomething,
    otherExplained(({ supplied, answers }) => [["/answers", supplied, answers[0]]]),
  ],
  "request.extend": [
    extensionIsLater,
    otherExplained((body) => [["/explanation", [body.delayReason], body.explanation]]),
  ],
  "request.withdraw": [
    purgeHasDate,
    otherExplained((body) => [["/explanation", [body.withdrawalReason], body.explanation]]),
  ],
} satisfies BodyRules;

/** Rules over the whole of what follows a request in its thread. */
export const threadMessageRules = {
  "request.acknowledge": [
    eventsBefore(({ receivedAt }) => ({ "/receivedAt": receivedAt })),
    deadlinesAhead(({ expectedBy }) => ({ "/expectedBy": expectedBy })),
  ],
  "request.more_info": [deadlinesAhead(({ answerBy }) => ({ "/answerBy": answerBy }))],
  "request.remind": [deadlinesAhead(({ usefulUntil }) => ({ "/usefulUntil": usefulUntil }))],
  "request.extend": [deadlinesAhead(({ newReplyBy }) => ({ "/newReplyBy": newReplyBy }))],
  "request.withdraw": [deadlinesAhead(({ purgeBy }) => ({ "/purgeBy": purgeBy }))],
} satisfies MessageRules;
