import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type MessageType, typeOptions } from "../../body/index.ts";
import { requestsRuleFaults } from "../../ground/rule-faults/requests.ts";
import { refusals, type Edits } from "../../../test/kit/edited-example.ts";

const past = "2026-11-21T11:00:00Z";
const soon = "2026-11-23T11:00:00Z";
const someId = "019aa000-0000-7000-8000-000000000001";

type Case = readonly [says: string, type: MessageType, edits: Edits, broken: readonly string[]];

// prettier-ignore
const asking: readonly Case[] = [
  ["a request without a case is refused", "request.information", { "/inner/caseRef": null }, ["RULE_REQUEST_WITHOUT_CASE "]],
  ["a request without a purpose is refused", "request.information", { "/inner/purposes": null }, ["RULE_PURPOSE_MISSING "]],
  ["a request without an offence is refused", "request.information", { "/body/offences": [] }, ["SCHEMA_FIELD_ITEMS /offences"]],
  ["a request without facts is refused", "request.information", { "/body/facts": null }, ["SCHEMA_FIELD_MISSING /facts"]],
  ["a request that asks nothing is refused", "request.information", { "/body/askedItems": [] }, ["SCHEMA_FIELD_ITEMS /askedItems"]],
  ["a request whose date of reply is over is refused", "request.information", { "/body/replyBy": past }, ["RULE_DEADLINE_PAST /replyBy"]],
  [
    "a record of nobody cannot be asked for",
    "request.information",
    { "/body/persons": [], "/body/organisations": [], "/body/askedItems": [{ item: "IDENTITY" }, { item: "INTELLIGENCE" }] },
    ["RULE_REQUEST_WITHOUT_SUBJECT /askedItems/0/item"],
  ],
  [
    "intelligence on a method needs no person",
    "request.information",
    { "/body/persons": [], "/body/organisations": [], "/body/askedItems": [{ item: "INTELLIGENCE" }] },
    [],
  ],
  ["an item that points at nobody is refused", "request.information", { "/body/askedItems/0/refs": ["p9"] }, ["RULE_REF_NOT_IN_MESSAGE /askedItems/0/refs/0"]],
  ["another item says in words what it is", "request.information", { "/body/askedItems/0": { item: "OTHER" } }, ["RULE_OTHER_UNEXPLAINED /askedItems/0/detail"]],
  [
    "an intended recipient without a country is nobody",
    "request.information",
    { "/body/intendedRecipients/1/country": null },
    ["RULE_RECIPIENT_NOT_NAMED /intendedRecipients/1"],
  ],
  [
    "several asked in one message see each other only when the asker says so (T19)",
    "request.information",
    { "/inner/recipients": ["sn/tcu", "ci/tcu"], "/body/groupId": someId },
    ["RULE_REQUEST_SHOWS_OTHERS /othersShown"],
  ],
  [
    "naming who else is asked shows them too (T19)",
    "request.information",
    { "/body/alsoAsked": ["ci/tcu"], "/body/groupId": someId, "/body/othersShown": false },
    ["RULE_REQUEST_SHOWS_OTHERS /othersShown"],
  ],
  [
    "a request to several carries one number for its threads (T19)",
    "request.information",
    { "/inner/recipients": ["sn/tcu", "ci/tcu"], "/body/othersShown": true },
    ["RULE_REQUEST_GROUP_MISSING /groupId"],
  ],
  [
    "several who may see each other, under one number, pass (T19)",
    "request.information",
    { "/inner/recipients": ["sn/tcu", "ci/tcu"], "/body/othersShown": true, "/body/groupId": someId },
    [],
  ],
  ["one of several threads names nobody else (T19)", "request.information", { "/inner/recipients": ["sn/tcu"], "/body/groupId": someId }, []],
  [
    "an urgent request says why (T18)",
    "request.information",
    { "/urgency": "FLASH" },
    ["RULE_URGENCY_REASON_MISSING /urgencyReason"],
  ],
  ["an urgency assessed anew has a reason", "request.acknowledge", { "/body/assessedReason": null }, ["RULE_URGENCY_ASSESSED_WITHOUT_REASON /assessedReason"]],
  ["an urgency left as it was needs none", "request.acknowledge", { "/body/assessedReason": null, "/body/assessedUrgency": null }, []],
  ["nothing was received tomorrow", "request.acknowledge", { "/body/receivedAt": soon }, ["RULE_EVENT_IN_FUTURE /receivedAt"]],
  ["a clock a little ahead is forgiven", "request.acknowledge", { "/body/receivedAt": "2026-11-21T12:04:59Z" }, []],
  ["nothing is expected in the past", "request.acknowledge", { "/body/expectedBy": past }, ["RULE_DEADLINE_PAST /expectedBy"]],
  ["asking for more says what is missing", "request.more_info", { "/body/missing": [], "/body/questions": [] }, ["RULE_MORE_INFO_WITHOUT_QUESTION /questions"]],
  ["a code of what is missing is question enough", "request.more_info", { "/body/missing": ["LINK"], "/body/questions": [] }, []],
  ["something else that is missing is said in words", "request.more_info", { "/body/questions": [] }, ["RULE_OTHER_UNEXPLAINED /questions"]],
  ["a stopped clock has an end", "request.more_info", { "/body/answerBy": null }, ["RULE_CLOCK_STOPPED_WITHOUT_END /answerBy"]],
  ["a running clock needs none", "request.more_info", { "/body/answerBy": null, "/body/clockStopped": false }, []],
  ["a stopped clock ends ahead", "request.more_info", { "/body/answerBy": past }, ["RULE_DEADLINE_PAST /answerBy"]],
  [
    "an empty answer is refused",
    "request.answer",
    { "/body": { supplied: ["LINK"] } },
    ["RULE_ANSWER_EMPTY /answers"],
  ],
  ["that there is no more to say is an answer", "request.answer", { "/body": { cannotAnswer: true } }, []],
  ["something else supplied is said in words", "request.answer", { "/body": { supplied: ["OTHER"], cannotAnswer: true } }, ["RULE_OTHER_UNEXPLAINED /answers"]],
  ["a reminder is sent while the answer is of use", "request.remind", { "/body/usefulUntil": past }, ["RULE_DEADLINE_PAST /usefulUntil"]],
  ["a reminder counts from one", "request.remind", { "/body/reminder": 0 }, ["SCHEMA_FIELD_RANGE /reminder"]],
  ["an extension to the same date is none", "request.extend", { "/body/newReplyBy": "2026-11-28T12:00:00Z" }, ["RULE_EXTENSION_NOT_LATER /newReplyBy"]],
  [
    "an extension into the past is none",
    "request.extend",
    { "/body/dueAt": "2026-11-19T12:00:00Z", "/body/newReplyBy": past },
    ["RULE_DEADLINE_PAST /newReplyBy"],
  ],
  ["another reason of delay is explained", "request.extend", { "/body/delayReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["who must delete is told by when", "request.withdraw", { "/body/purgeBy": null }, ["RULE_PURGE_WITHOUT_DATE /purgeBy"]],
  ["who need not delete needs no date", "request.withdraw", { "/body/purgeBy": null, "/body/mustPurge": false }, []],
  ["the date to delete lies ahead", "request.withdraw", { "/body/purgeBy": past }, ["RULE_DEADLINE_PAST /purgeBy"]],
  ["another reason to withdraw is explained", "request.withdraw", { "/body/withdrawalReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["a transfer to oneself is refused", "request.transfer", { "/body/newAddressee": "ci/tcu" }, ["RULE_TRANSFER_TO_SELF /newAddressee"]],
  ["a request passed on has a new thread", "request.transfer", { "/body/newThreadId": null }, ["RULE_TRANSFER_WITHOUT_THREAD /newThreadId"]],
  ["a request is not passed abroad without the asker's consent (T17)", "request.transfer", { "/body/newAddressee": "bf/customs" }, ["RULE_TRANSFER_ABROAD_WITHOUT_CONSENT /consentId"]],
  ["with consent it is passed abroad", "request.transfer", { "/body/newAddressee": "bf/customs", "/body/consentId": someId }, []],
  ["pointing abroad without passing on needs no consent", "request.transfer", { "/body/newAddressee": "bf/customs", "/body/passedOn": false, "/body/newThreadId": null }, []],
  ["another reason to transfer is explained", "request.transfer", { "/body/transferReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["nobody is late before his time", "request.escalate", { "/body/dueAt": soon }, ["RULE_ESCALATION_NOT_DUE /dueAt"]],
  ["a life at risk does not wait for the due date", "request.escalate", { "/body/dueAt": soon, "/body/escalationReason": "LIFE_AT_RISK" }, []],
  ["late twice is twice", "request.escalate", { "/body/timesLate": 1 }, ["RULE_ESCALATION_COUNT /timesLate"]],
  ["another reason to escalate is explained", "request.escalate", { "/body/escalationReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["an escalation is of use only ahead", "request.escalate", { "/body/usefulUntil": past }, ["RULE_DEADLINE_PAST /usefulUntil"]],
];

// prettier-ignore
const answering: readonly Case[] = [
  ["an interim reply says what is to come", "reply.interim", { "/body/pendingItems": [], "/body/waitingOn": [] }, ["RULE_INTERIM_NOTHING_PENDING /pendingItems"]],
  ["an interim reply says when the rest comes", "reply.interim", { "/body/expectedBy": past }, ["RULE_DEADLINE_PAST /expectedBy"]],
  ["an interim reply points at somebody in it", "reply.interim", { "/body/persons": [] }, ["RULE_REF_NOT_IN_MESSAGE /itemAnswers/0/refs/0"]],
  ["a final reply without an outcome for an asked item is refused", "reply.final", { "/body/itemCodes": ["IDENTITY", "CRIMINAL_RECORD", "LAND", "COMPANY_REG"] }, ["RULE_FINAL_ITEM_UNANSWERED /itemCodes/2"]],
  ["found without data is not found", "reply.final", { "/body/itemAnswers/0/refs": [] }, ["RULE_ANSWER_WITHOUT_DATA /itemAnswers/0"]],
  ["found in an attached thing is found", "reply.final", { "/body/itemAnswers/0/refs": [], "/body/objects": { vehicles: [{ plate: "DK 0000 X" }] } }, []],
  ["a refused item has a ground", "reply.final", { "/body/itemAnswers/2/refusal": null }, ["RULE_ITEM_REFUSED_WITHOUT_GROUND /itemAnswers/2/refusal"]],
  ["a reply that found something does not say it found nothing", "reply.final", { "/body/outcome": "NO_HIT" }, ["RULE_OUTCOME_CONTRADICTS_ITEMS /outcome"]],
  ["a refusal of everything is not a final reply", "reply.final", { "/body/outcome": "REFUSED" }, ["RULE_OUTCOME_CONTRADICTS_ITEMS /outcome"]],
  ["what was found is evaluated", "reply.final", { "/inner/evaluation": null }, ["RULE_REPLY_WITHOUT_EVALUATION /outcome"]],
  [
    "what was not found needs no evaluation",
    "reply.final",
    { "/inner/evaluation": null, "/body/outcome": "NOT_HELD", "/body/itemCodes": ["LAND"], "/body/itemAnswers": [{ item: "LAND", outcome: "NOT_HELD" }] },
    [],
  ],
  ["a reply points at somebody in it", "reply.final", { "/body/itemAnswers/0/refs": ["p7"] }, ["RULE_REF_NOT_IN_MESSAGE /itemAnswers/0/refs/0"]],
  ["consent given beforehand has an end (T17)", "reply.final", { "/body/consents/0/validUntil": null }, ["RULE_GRANT_INCOMPLETE /consents/0/validUntil"]],
  ["consent given beforehand has not ended", "reply.final", { "/body/consents/0/validUntil": past }, ["RULE_DEADLINE_PAST /consents/0/validUntil"]],
  ["a final reply names its request", "reply.final", { "/inner/inReplyTo": null }, ["RULE_REPLY_WITHOUT_REQUEST /inReplyTo"]],
  ["a refusal without a ground is refused", "reply.refuse", { "/body/refusals": [] }, ["SCHEMA_FIELD_ITEMS /refusals"]],
  ["who can answer in part says which", "reply.refuse", { "/body/possibleItems": [] }, ["RULE_REFUSAL_PART_UNSAID /possibleItems"]],
  ["an incomplete request is told what is missing", "reply.refuse", { "/body/missing": [] }, ["RULE_REFUSAL_MISSING_UNSAID /missing"]],
  ["the wrong door shows the right one", "reply.refuse", { "/body/refusals": ["BEYOND_MANDATE"], "/body/otherRoute": null }, ["RULE_REFUSAL_WITHOUT_ROUTE /otherRoute"]],
  ["that there is no other door is an answer", "reply.refuse", { "/body/refusals": ["BEYOND_MANDATE"], "/body/otherRoute": "NONE" }, []],
  ["who confirms nothing does not say that nothing is held", "reply.refuse", { "/body/refusals": ["NOT_HELD"] }, ["RULE_REFUSAL_TELLS_HOLDING /refusals"]],
  ["another ground is explained", "reply.refuse", { "/body/refusals": ["OTHER"], "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["asking again lies ahead", "reply.refuse", { "/body/askAgainAfter": past }, ["RULE_DEADLINE_PAST /askAgainAfter"]],
  ["a wrong person is named", "feedback.report", { "/body/usedFor": ["WRONG_PERSON"], "/body/results": [] }, ["RULE_WRONG_PERSON_UNNAMED /wrongRefs"]],
  ["a wrong person who is named passes", "feedback.report", { "/body/usedFor": ["WRONG_PERSON"], "/body/results": [], "/body/wrongRefs": ["p1"] }, []],
  [
    "what was of no use led to no arrest and earns no five",
    "feedback.report",
    { "/body/usedFor": ["NOT_USEFUL", "ARREST"], "/body/results": [] },
    ["RULE_FEEDBACK_CONTRADICTS /usedFor", "RULE_FEEDBACK_CONTRADICTS /usefulness"],
  ],
  ["of no use and marked so passes", "feedback.report", { "/body/usedFor": ["NOT_USEFUL"], "/body/usefulness": 1, "/body/results": [] }, []],
  ["a counted result is one that is told", "feedback.report", { "/body/usedFor": ["ARREST", "SEIZURE"] }, ["RULE_FEEDBACK_RESULT_UNSAID /results/2/kind"]],
  ["who wants help says which", "feedback.report", { "/body/helpWanted": null }, ["RULE_FEEDBACK_HELP_UNSAID /helpWanted"]],
  ["usefulness is one to five", "feedback.report", { "/body/usefulness": 6 }, ["SCHEMA_FIELD_RANGE /usefulness"]],
  ["feedback that is put off has a date (T20)", "feedback.waiver", { "/body/feedbackBy": null }, ["RULE_WAIVER_WITHOUT_DATE /feedbackBy"]],
  ["a waiver for good has none (T20)", "feedback.waiver", { "/body/feedbackBy": null, "/body/waiverReason": "NO_USE_MADE" }, []],
  ["a waiver without a reason is refused (T20)", "feedback.waiver", { "/body/waiverReason": null }, ["SCHEMA_FIELD_MISSING /waiverReason"]],
  ["feedback is not put off into the past", "feedback.waiver", { "/body/feedbackBy": past }, ["RULE_DEADLINE_PAST /feedbackBy"]],
  ["another reason to waive is explained", "feedback.waiver", { "/body/waiverReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
];

describe("requests and their threads", () => {
  it.each(asking)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });
});

describe("replies and feedback", () => {
  it.each(answering)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });

  it("a request is closed by feedback, a waiver, a refusal or its withdrawal (T20)", () => {
    expect(typeOptions("request.information")?.closedBy).toEqual([
      "feedback.report",
      "feedback.waiver",
      "reply.refuse",
      "request.withdraw",
    ]);
  });
});

describe("the codes of this group", () => {
  const sources = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
    .join("");

  it.each(Object.keys(requestsRuleFaults))("%s is told by a case", (code) => {
    expect(sources).toContain(`"${code} `);
  });
});
