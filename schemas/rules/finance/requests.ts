import type {
  FiuBulkCbr,
  FiuFeedback,
  FiuPostponeRequest,
  FiuRequest,
  FiuSubject,
} from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

function isOne({ person, organisation, account }: FiuSubject): boolean {
  return [person, organisation, account].filter((given) => given !== undefined).length === 1;
}

const subjectSays =
  "a subject has exactly one of person, organisation and account; split it or complete it";

/** A subject is exactly one of three: with two, nobody knows whom the answer is about. */
export const subjectIsOne: Rule<BodyContext<{ readonly subjects: readonly FiuSubject[] }>> = {
  code: "RULE_SUBJECT_NOT_ONE",
  says: subjectSays,
  find: ({ body }) =>
    body.subjects.flatMap((subject, at) => (isOne(subject) ? [] : [`/subjects/${at}`])),
};

/** The same in each report of a bulk. */
export const bulkSubjectIsOne: Rule<BodyContext<FiuBulkCbr>> = {
  code: "RULE_SUBJECT_NOT_ONE",
  says: subjectSays,
  find: ({ body }) =>
    body.reports.flatMap(({ subjects }, report) =>
      subjects.flatMap((subject, at) =>
        isOne(subject) ? [] : [`/reports/${report}/subjects/${at}`],
      ),
    ),
};

/** Feedback goes back to a report by its reference, so a reference is one report. */
export const reportStandsOnce: Rule<BodyContext<FiuBulkCbr>> = {
  code: "RULE_CBR_REPEATED",
  says: "reportRef stands in the bulk already; leave the second report out or correct its reference",
  find: ({ body }) => {
    const refs = body.reports.map(({ reportRef }) => reportRef);
    return refs.flatMap((ref, at) =>
      refs.indexOf(ref) === at ? [] : [`/reports/${at}/reportRef`],
    );
  },
};

/** The code OTHER alone asks nothing. */
export const otherQuestionInWords: Rule<BodyContext<FiuRequest>> = {
  code: "RULE_FIU_QUESTION_WITHOUT_WORDS",
  says: "otherQuestion is missing; say in words what the question OTHER asks",
  find: ({ body }) =>
    body.questions.includes("OTHER") && body.otherQuestion === undefined ? ["/otherQuestion"] : [],
};

/** A clock that has run out before it starts asks for nothing. */
export const replyLiesAhead: Rule<MessageContext<FiuRequest>> = {
  code: "RULE_FIU_REPLY_BY_PAST",
  says: "replyBy is not after the moment the request was made; give a later time or leave it out",
  find: ({ body, createdAt }) =>
    body.replyBy !== undefined && body.replyBy <= createdAt ? ["/replyBy"] : [],
};

/** FLASH and URGENT_DIRECT are judged for every type; between units the third urgent one needs its reason too. */
export const urgentIsReasoned: Rule<MessageContext<object>> = {
  code: "RULE_FIU_URGENCY_REASON",
  says: "urgencyReason is missing in the inner header; say why it is urgent or send it with a lower urgency",
  find: ({ urgency, inner }) =>
    urgency === "URGENT_INDIRECT" && inner.urgencyReason === undefined ? [""] : [],
};

/** Information between units is bound to its purpose, so it states one. */
export const purposeIsStated: Rule<MessageContext<object>> = {
  code: "RULE_FIU_PURPOSE_MISSING",
  says: "purposes is missing in the inner header; say what the receiving unit may use it for",
  find: ({ inner }) => (inner.purposes.length === 0 ? [""] : []),
};

/** Nobody learns from "of no use". */
export const noUseIsExplained: Rule<BodyContext<FiuFeedback>> = {
  code: "RULE_FIU_FEEDBACK_UNEXPLAINED",
  says: "remarks is missing; say what was missing or wrong, so that the next report is better",
  find: ({ body }) =>
    body.usefulness === "NONE" && body.remarks === undefined ? ["/remarks"] : [],
};

/** An institution can hold one account or one transaction, not a suspicion. */
export const postponeHasTarget: Rule<BodyContext<FiuPostponeRequest>> = {
  code: "RULE_POSTPONE_TARGET_MISSING",
  says: "neither account nor transaction is given; name what the institution shall hold",
  find: ({ body }) =>
    body.account === undefined && body.transaction === undefined ? ["/account"] : [],
};
