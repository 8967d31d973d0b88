import type { RequestEscalate, RequestTransfer } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { authorityOf } from "./authority.ts";
import { deadlinesAhead } from "./moments.ts";
import { otherExplained } from "./named-parts.ts";

/** A request is passed to somebody else, or it is not passed. */
const goesElsewhere: Rule<MessageContext<RequestTransfer>> = {
  code: "RULE_TRANSFER_TO_SELF",
  says: "newAddressee is the agency that sends this; name the agency that is to answer",
  find: ({ originator, body }) => (body.newAddressee === originator ? ["/newAddressee"] : []),
};

/** The asker follows a request that was passed on by its new thread. */
const newThreadIsNamed: Rule<BodyContext<RequestTransfer>> = {
  code: "RULE_TRANSFER_WITHOUT_THREAD",
  says: "passedOn is true and newThreadId is missing; name the thread in which it goes on",
  find: ({ body: { passedOn, newThreadId } }) =>
    passedOn && newThreadId === undefined ? ["/newThreadId"] : [],
};

/** A request tells of a case and its persons: another state sees it only if the asker agreed. */
const abroadByConsent: Rule<MessageContext<RequestTransfer>> = {
  code: "RULE_TRANSFER_ABROAD_WITHOUT_CONSENT",
  says:
    "the request was passed to an agency of another state without consentId; ask the asker first, " +
    "or set passedOn to false and let him send it there",
  find: ({ originator, body: { passedOn, newAddressee, consentId } }) => {
    const isAbroad = authorityOf(newAddressee) !== authorityOf(originator);
    return passedOn && isAbroad && consentId === undefined ? ["/consentId"] : [];
  },
};

const ofTime = new Set(["OVERDUE", "OVERDUE_TWICE", "NO_ACKNOWLEDGEMENT"]);

/** Nobody is late before his time. */
const isLate: Rule<MessageContext<RequestEscalate>> = {
  code: "RULE_ESCALATION_NOT_DUE",
  says: "dueAt has not passed; wait until then, or escalate for another reason",
  find: ({ createdAt, body: { escalationReason, dueAt } }) =>
    ofTime.has(escalationReason) && dueAt > createdAt ? ["/dueAt"] : [],
};

/** Late twice is at least two times. */
const timesAreCounted: Rule<BodyContext<RequestEscalate>> = {
  code: "RULE_ESCALATION_COUNT",
  says: "the reason is OVERDUE_TWICE and timesLate is not 2 or more; correct one of them",
  find: ({ body: { escalationReason, timesLate } }) =>
    escalationReason === "OVERDUE_TWICE" && (timesLate ?? 0) < 2 ? ["/timesLate"] : [],
};

/** Rules over the bodies that pass a request on or up. */
export const passingBodyRules = {
  "request.transfer": [
    newThreadIsNamed,
    otherExplained((body) => [["/explanation", [body.transferReason], body.explanation]]),
  ],
  "request.escalate": [
    timesAreCounted,
    otherExplained((body) => [["/explanation", [body.escalationReason], body.explanation]]),
  ],
} satisfies BodyRules;

/** Rules over the whole of what passes a request on or up. */
export const passingMessageRules = {
  "request.transfer": [goesElsewhere, abroadByConsent],
  "request.escalate": [
    isLate,
    deadlinesAhead(({ usefulUntil }) => ({ "/usefulUntil": usefulUntil })),
  ],
} satisfies MessageRules;
