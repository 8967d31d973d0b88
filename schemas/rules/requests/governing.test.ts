import { describe, expect, it } from "vitest";
import { type MessageType, typeOptions } from "../../body/index.ts";
import { descriptors } from "../../gen/index.ts";
import { refusals, type Edits } from "../../../test/kit/edited-example.ts";

const past = "2026-11-21T11:00:00Z";
const soon = "2026-11-23T11:00:00Z";

type Case = readonly [says: string, type: MessageType, edits: Edits, broken: readonly string[]];

// prettier-ignore
const querying: readonly Case[] = [
  ["a query across stores asks for persons, vehicles, firearms and documents (T4)", "query.check", { "/body/querySubjects/2": { ref: "q3", kind: "FIREARM", plain: { identifier: "AB 1234" } }, "/body/recordKinds": ["WANTED", "STOLEN_VEHICLE", "FIREARM", "STOLEN_DOCUMENT"] }, []],
  ["a subject in plain and as a hash is refused", "query.check", { "/body/querySubjects/2/plain": { identifier: "X1" } }, ["RULE_QUERY_FORM_NOT_ONE /querySubjects/2"]],
  ["a subject with neither is refused", "query.check", { "/body/querySubjects/1/plain": null }, ["RULE_QUERY_FORM_NOT_ONE /querySubjects/1"]],
  ["a name without a birth is too thin", "query.check", { "/body/querySubjects/0/plain/birth": null }, ["RULE_QUERY_PLAIN_THIN /querySubjects/0/plain"]],
  ["a document with type and issuer is enough for a person", "query.check", { "/body/querySubjects/0/plain": { identifier: "EP0011", documentType: "PASSPORT", issuerCountry: "ET" } }, []],
  ["a document's number alone is too thin for a person", "query.check", { "/body/querySubjects/0/plain": { identifier: "EP0011" } }, ["RULE_QUERY_PLAIN_THIN /querySubjects/0/plain"]],
  ["a vehicle is asked about by an identifier", "query.check", { "/body/querySubjects/1/plain/identifier": null }, ["RULE_QUERY_PLAIN_THIN /querySubjects/1/plain"]],
  ["two subjects have two names", "query.check", { "/body/querySubjects/1/ref": "q1" }, ["RULE_QUERY_REF_TWICE /querySubjects/1/ref"]],
  ["a hash without its agreement is refused (T24)", "query.check", { "/body/querySubjects/2/hashed/agreementRef": null }, ["SCHEMA_FIELD_MISSING /querySubjects/2/hashed/agreementRef"]],
  ["a joint patrol names its operation", "query.check", { "/body/situation": "JOINT_PATROL" }, ["RULE_PATROL_WITHOUT_OPERATION /operationId"]],
  ["a query without a purpose is refused", "query.check", { "/inner/purposes": null }, ["RULE_PURPOSE_MISSING "]],
  ["a hit has a reference", "query.result", { "/body/queryAnswers/1/hits": [] }, ["RULE_QUERY_HITS_CONTRADICT /queryAnswers/1/hits"]],
  ["no hit has none", "query.result", { "/body/queryAnswers/1/answer": "NO_HIT" }, ["RULE_QUERY_HITS_CONTRADICT /queryAnswers/1/hits"]],
  ["call us says where", "query.result", { "/body/contact/phone": null }, ["RULE_CALL_US_WITHOUT_CONTACT /contact"]],
  ["without a call no number is needed", "query.result", { "/body/contact": null, "/body/queryAnswers/2/answer": "NO_HIT" }, []],
  ["nothing was searched tomorrow", "query.result", { "/body/searchedAt": soon }, ["RULE_EVENT_IN_FUTURE /searchedAt"]],
  ["an offline copy is not from tomorrow", "query.result", { "/body/dataAsOf": soon }, ["RULE_EVENT_IN_FUTURE /dataAsOf"]],
  ["core data are asked for after a person confirmed the hit (T28)", "core_data.request", { "/body/confirmedBy": null }, ["SCHEMA_FIELD_MISSING /confirmedBy"]],
  ["a confirmation says how it was made (T28)", "core_data.request", { "/body/confirmedHow": [] }, ["SCHEMA_FIELD_ITEMS /confirmedHow"]],
  ["a confirmation of tomorrow is none (T28)", "core_data.request", { "/body/confirmedAt": soon }, ["RULE_EVENT_IN_FUTURE /confirmedAt"]],
  ["core data are asked for with a purpose", "core_data.request", { "/inner/purposes": null }, ["RULE_PURPOSE_MISSING "]],
  ["who waits at the post waits until an hour", "core_data.request", { "/body/heldUntil": null }, ["RULE_HELD_WITHOUT_END /heldUntil"]],
  ["the hour has not passed", "core_data.request", { "/body/heldUntil": past }, ["RULE_DEADLINE_PAST /heldUntil"]],
  ["what is given is there", "core_data.reply", { "/body/hitAnswers/0/refs": [], "/body/hitAnswers/0/text": null, "/body/objects": null }, ["RULE_CORE_DATA_NOT_GIVEN /hitAnswers/0"]],
  ["what is kept back has a ground", "core_data.reply", { "/body/hitAnswers/0/refusals": [] }, ["RULE_CORE_DATA_WITHHELD_WITHOUT_GROUND /hitAnswers/0/refusals"]],
  ["core data point at somebody in the message", "core_data.reply", { "/body/persons": [] }, ["RULE_REF_NOT_IN_MESSAGE /hitAnswers/0/refs/0"]],
  ["core data are evaluated", "core_data.reply", { "/inner/evaluation": null }, ["RULE_REPLY_WITHOUT_EVALUATION /hitAnswers/0/coreDecision"]],
  ["who is not the one asked for needs no evaluation", "core_data.reply", { "/inner/evaluation": null, "/body/hitAnswers/0": { hitRef: "KE-7F3A-01", coreDecision: "NOT_SAME" } }, []],
  ["consent with core data names its purposes (T17)", "core_data.reply", { "/body/consents/0/purposes": [] }, ["RULE_GRANT_INCOMPLETE /consents/0/purposes"]],
  ["consent with core data has not ended", "core_data.reply", { "/body/consents/0/validUntil": past }, ["RULE_DEADLINE_PAST /consents/0/validUntil"]],
];

// prettier-ignore
const governing: readonly Case[] = [
  ["a correction without a change is refused", "data.correct", { "/body/changes": [] }, ["RULE_CORRECTION_WITHOUT_CHANGE /changes"]],
  ["a corrected message is change enough", "data.correct", { "/body/changes": [], "/body/correctedId": "019aa000-0000-7000-8000-000000000001" }, []],
  ["a replaced field has its new content", "data.correct", { "/body/changes/0/newValue": null }, ["RULE_CHANGE_INCOMPLETE /changes/0/newValue"]],
  ["a removed field has none", "data.correct", { "/body/changes/1/newValue": "x" }, ["RULE_CHANGE_INCOMPLETE /changes/1/newValue"]],
  ["a change says where", "data.correct", { "/body/changes/0/pointer": "persons" }, ["RULE_CHANGE_INCOMPLETE /changes/0/pointer"]],
  ["a confused identity names whom it touches", "data.correct", { "/body/subjectRefs": [] }, ["RULE_CONFUSION_WITHOUT_PERSON /subjectRefs"]],
  ["a correction's deadline lies ahead", "data.correct", { "/body/deadline": past }, ["RULE_DEADLINE_PAST /deadline"]],
  ["a purge whose deadline is over is refused", "data.purge", { "/body/deadline": past }, ["RULE_DEADLINE_PAST /deadline"]],
  ["a purge at this very moment is too late", "data.purge", { "/body/deadline": "2026-11-21T12:00:00Z" }, ["RULE_DEADLINE_PAST /deadline"]],
  ["a purge without a deadline is refused", "data.purge", { "/body/deadline": null }, ["SCHEMA_FIELD_MISSING /deadline"]],
  ["a purge of persons names them", "data.purge", { "/body/subjectRefs": [] }, ["RULE_PURGE_SCOPE_UNNAMED /subjectRefs"]],
  ["a purge of attachments names them", "data.purge", { "/body/purgeScope": "ATTACHMENT" }, ["RULE_PURGE_SCOPE_UNNAMED /attachmentDigests"]],
  ["a purge of the whole names no part", "data.purge", { "/body/purgeScope": "ALL_DERIVED", "/body/subjectRefs": [] }, []],
  ["a court's purge names order and court", "data.purge", { "/body/orderRef": null, "/body/orderAuthority": null }, ["RULE_PURGE_ORDER_UNNAMED /orderRef", "RULE_PURGE_ORDER_UNNAMED /orderAuthority"]],
  ["a person's right names his query", "data.purge", { "/body/purgeReason": "DATA_SUBJECT_RIGHT", "/body/orderRef": null }, ["RULE_PURGE_ORDER_UNNAMED /subjectQueryId"]],
  ["a purge for age needs no order", "data.purge", { "/body/purgeReason": "RETENTION", "/body/orderRef": null, "/body/orderAuthority": null }, []],
  ["what was deleted was deleted at a moment (T7)", "data.purge_ack", { "/body/purged/0/doneAt": null }, ["RULE_PURGE_UNDATED /purged/0/doneAt"]],
  ["nothing was deleted tomorrow (T7)", "data.purge_ack", { "/body/purged/0/doneAt": soon }, ["RULE_EVENT_IN_FUTURE /purged/0/doneAt"]],
  ["no holder is done before those he passed it on to (T7)", "data.purge_ack", { "/body/purged/0/onwardPending": ["tg/tcu"] }, ["RULE_PURGE_ONWARD_PENDING /purged/0/onwardPending"]],
  ["a legal hold names order, country and review", "data.purge_ack", { "/body/purged/1": { targetId: "019aa000-0000-7000-8000-000000000001", done: "LEGAL_HOLD" } }, ["RULE_HOLD_INCOMPLETE /purged/1/holdRef", "RULE_HOLD_INCOMPLETE /purged/1/holdCountry", "RULE_HOLD_INCOMPLETE /purged/1/holdReviewAt"]],
  ["who refuses to delete says why", "data.purge_ack", { "/body/purged/2/done": "REFUSED" }, ["RULE_PURGE_REFUSED_WITHOUT_GROUND /purged/2/purgeRefusal"]],
  ["who refuses with a ground passes", "data.purge_ack", { "/body/purged/2/done": "REFUSED", "/body/purged/2/purgeRefusal": "NOT_THE_OWNER" }, []],
  ["backups end on a known day", "data.purge_ack", { "/body/backupsGoneBy": null }, ["RULE_BACKUPS_WITHOUT_END /backupsGoneBy"]],
  ["backups that are included need no day", "data.purge_ack", { "/body/backupsGoneBy": null, "/body/backupsIncluded": true }, []],
  ["a block has a reason and an end", "data.block", { "/body/blockReason": null, "/body/verifyBy": null }, ["RULE_BLOCK_INCOMPLETE /blockReason", "RULE_BLOCK_INCOMPLETE /verifyBy"]],
  ["a block is verified ahead", "data.block", { "/body/verifyBy": past }, ["RULE_DEADLINE_PAST /verifyBy"]],
  ["lifting names the block", "data.block", { "/body/blockAct": "LIFTED_CONFIRMED" }, ["RULE_LIFT_WITHOUT_BLOCK /blockId"]],
  ["lifting needs no new end", "data.block", { "/body/blockAct": "LIFTED_CORRECTED", "/body/verifyBy": null, "/body/blockReason": null, "/body/blockId": "019aa000-0000-7000-8000-000000000001" }, []],
  ["a review comes before the deletion (T6)", "data.review_due", { "/body/reviewAt": "2027-02-01T00:00:00Z" }, ["RULE_REVIEW_AFTER_DELETION /reviewAt"]],
  ["the last review was before", "data.review_due", { "/body/lastReview": soon }, ["RULE_EVENT_IN_FUTURE /lastReview"]],
  ["longer keeping is longer", "data.retention_extend", { "/body/newDeletionAt": "2026-12-31T00:00:00Z" }, ["RULE_RETENTION_NOT_LONGER /newDeletionAt"]],
  ["nothing is kept longer than five years without another look (T6)", "data.retention_extend", { "/body/newDeletionAt": "2032-01-01T00:00:00Z" }, ["RULE_RETENTION_TOO_LONG /newDeletionAt"]],
  ["five years are kept", "data.retention_extend", { "/body/newDeletionAt": "2031-11-21T00:00:00Z" }, []],
  ["an approval was given before", "data.retention_extend", { "/body/approvedAt": soon }, ["RULE_EVENT_IN_FUTURE /approvedAt"]],
  ["longer keeping names who allowed it", "data.retention_extend", { "/body/approvedBy": null }, ["SCHEMA_FIELD_MISSING /approvedBy"]],
  ["an onward entry names one receiver", "data.onward_log", { "/body/entries/0/givenTo": null }, ["RULE_ONWARD_RECIPIENT_NOT_ONE /entries/0"]],
  ["an onward entry names not two receivers", "data.onward_log", { "/body/entries/1/givenTo": "gh/ag" }, ["RULE_ONWARD_RECIPIENT_NOT_ONE /entries/1"]],
  ["nothing is passed on without a right (T17)", "data.onward_log", { "/body/entries/0/consentId": null }, ["RULE_ONWARD_WITHOUT_RIGHT /entries/0/consentId"]],
  ["nothing was passed on tomorrow", "data.onward_log", { "/body/entries/1/givenAt": soon }, ["RULE_EVENT_IN_FUTURE /entries/1/givenAt"]],
  ["who wants data mended says what is wrong", "data.subject_query", { "/body/statement": null }, ["RULE_RIGHT_WITHOUT_STATEMENT /statement"]],
  ["access alone needs no statement", "data.subject_query", { "/body/statement": null, "/body/rights": ["ACCESS"] }, []],
  ["a counsel has a name", "data.subject_query", { "/body/representedBy": null }, ["RULE_COUNSEL_UNNAMED /representedBy"]],
  ["a query was received before", "data.subject_query", { "/body/receivedAt": soon }, ["RULE_EVENT_IN_FUTURE /receivedAt"]],
  ["the term of the law lies ahead", "data.subject_query", { "/body/answerBy": past }, ["RULE_DEADLINE_PAST /answerBy"]],
  ["a part refused to a person has a ground", "data.subject_answer", { "/body/accessRefusals": [] }, ["RULE_SUBJECT_REFUSED_WITHOUT_GROUND /accessRefusals"]],
  ["a refused person is told where to appeal and until when", "data.subject_answer", { "/body/step": "REFUSED", "/body/appealBody": null, "/body/appealUntil": null }, ["RULE_SUBJECT_WITHOUT_REMEDY /appealBody", "RULE_SUBJECT_WITHOUT_REMEDY /appealUntil"]],
  ["an appeal can still be made", "data.subject_answer", { "/body/appealUntil": past }, ["RULE_DEADLINE_PAST /appealUntil"]],
  ["who confirms nothing lists nothing", "data.subject_answer", { "/body/step": "NEITHER_CONFIRMED_NOR_DENIED" }, ["RULE_REFUSAL_TELLS_HOLDING /targetIds", "RULE_REFUSAL_TELLS_HOLDING /measures", "RULE_REFUSAL_TELLS_HOLDING /otherHolders"]],
  ["an answer in full tells or does something", "data.subject_answer", { "/body/step": "ANSWERED", "/body/toldToSubject": null, "/body/measures": [] }, ["RULE_SUBJECT_ANSWER_EMPTY /toldToSubject"]],
  ["what was located is named", "data.subject_answer", { "/body/step": "LOCATED", "/body/targetIds": [] }, ["RULE_SUBJECT_ANSWER_EMPTY /targetIds"]],
  ["receiving a query needs nothing more", "data.subject_answer", { "/body": { step: "RECEIVED", localRef: "CI-1", expectedBy: "2026-12-10T00:00:00Z" } }, []],
  ["an appeal says what is complained of", "data.subject_appeal", { "/body/appealStep": "LODGED", "/body/complaint": null }, ["RULE_APPEAL_WITHOUT_COMPLAINT /complaint"]],
  ["an upheld appeal says what is ordered by when", "data.subject_appeal", { "/body/ordered": [], "/body/deadline": null }, ["RULE_APPEAL_RULING_INCOMPLETE /ordered", "RULE_APPEAL_RULING_INCOMPLETE /deadline"]],
  ["a decision has a day and reasons", "data.subject_appeal", { "/body/appealStep": "DISMISSED", "/body/decidedAt": null, "/body/ruling": null }, ["RULE_APPEAL_RULING_INCOMPLETE /decidedAt", "RULE_APPEAL_RULING_INCOMPLETE /ruling"]],
  ["a dismissed appeal orders nothing", "data.subject_appeal", { "/body/appealStep": "DISMISSED", "/body/ordered": [], "/body/deadline": null }, []],
  ["an appeal was lodged before", "data.subject_appeal", { "/body/lodgedAt": soon }, ["RULE_EVENT_IN_FUTURE /lodgedAt"]],
  ["what is ordered can still be done", "data.subject_appeal", { "/body/deadline": past }, ["RULE_DEADLINE_PAST /deadline"]],
];

describe("queries and core data", () => {
  it.each(querying)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });

  it("a hit carries a reference, what kind of record and why, and no field about a person (T28)", () => {
    const { fields } = descriptors["QueryHit"]!;
    expect(fields.map(({ name }) => name)).toEqual([
      "hitRef",
      "recordKind",
      "matchBasis",
      "scorePercent",
    ]);
    const held = ["QueryResult", "QueryAnswer", "QueryHit"].flatMap(
      (name) => descriptors[name]!.fields,
    );
    expect(held.filter(({ personal }) => personal !== undefined)).toEqual([]);
    expect(held.some(({ message }) => message === "Person" || message === "LocalizedText")).toBe(
      false,
    );
  });

  it("core data stand under the clock of a confirmed hit (T28)", () => {
    expect(typeOptions("core_data.request")?.urgency).toBe("HIT_CORE");
    expect(typeOptions("core_data.reply")?.urgency).toBe("HIT_CORE");
  });
});

describe("an owner's word over copies, and a person's over his data", () => {
  it.each(governing)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });
});
