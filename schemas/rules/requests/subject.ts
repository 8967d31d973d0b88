import type { DataSubjectAnswer, DataSubjectAppeal, DataSubjectQuery } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead, eventsBefore } from "./moments.ts";

const needsStatement = ["RECTIFY", "DELETE", "RESTRICT", "OBJECT", "REVISION", "COMPLAINT"];

/** Who wants more than to know says what is wrong. */
const statementIsThere: Rule<BodyContext<DataSubjectQuery>> = {
  code: "RULE_RIGHT_WITHOUT_STATEMENT",
  says: "statement is missing; only access is asked without saying what is wrong",
  find: ({ body: { rights, statement } }) =>
    needsStatement.some((right) => rights.includes(right)) && statement === undefined
      ? ["/statement"]
      : [],
};

/** A counsel who was checked has a name. */
const counselIsNamed: Rule<BodyContext<DataSubjectQuery>> = {
  code: "RULE_COUNSEL_UNNAMED",
  says: "the person comes through counsel and representedBy is missing; name the counsel",
  find: ({ body: { identityCheck, representedBy } }) =>
    identityCheck === "THROUGH_COUNSEL" && representedBy === undefined ? ["/representedBy"] : [],
};

const lessThanAsked = new Set(["PARTLY", "REFUSED"]);
const withRemedy = new Set(["PARTLY", "REFUSED", "NEITHER_CONFIRMED_NOR_DENIED"]);

/** A refusal has its ground in law, told or not told to the person. */
const refusalHasGround: Rule<BodyContext<DataSubjectAnswer>> = {
  code: "RULE_SUBJECT_REFUSED_WITHOUT_GROUND",
  says: "the answer is less than was asked and accessRefusals is empty; name the ground",
  find: ({ body: { step, accessRefusals } }) =>
    lessThanAsked.has(step) && accessRefusals.length === 0 ? ["/accessRefusals"] : [],
};

/** Whoever is given less than he asked is told where he can go, and by when. */
const remedyIsNamed: Rule<BodyContext<DataSubjectAnswer>> = {
  code: "RULE_SUBJECT_WITHOUT_REMEDY",
  says: "the answer is less than was asked; name appealBody and appealUntil",
  find: ({ body: { step, appealBody, appealUntil } }) =>
    withRemedy.has(step)
      ? [
          ...(appealBody === undefined ? ["/appealBody"] : []),
          ...(appealUntil === undefined ? ["/appealUntil"] : []),
        ]
      : [],
};

/** Who neither confirms nor denies lists nothing that was found and nobody who holds it. */
const holdingStaysUntold: Rule<BodyContext<DataSubjectAnswer>> = {
  code: "RULE_REFUSAL_TELLS_HOLDING",
  says: "nothing is confirmed, and this field tells that something is held; leave it out",
  find: ({ body: { step, targetIds, otherHolders, measures } }) =>
    step === "NEITHER_CONFIRMED_NOR_DENIED"
      ? [
          ...(targetIds.length > 0 ? ["/targetIds"] : []),
          ...(measures.length > 0 ? ["/measures"] : []),
          ...(otherHolders.length > 0 ? ["/otherHolders"] : []),
        ]
      : [],
};

const answered = new Set(["ANSWERED", "PARTLY"]);

/** An answer tells the person something, or something was done for him; what was located is named. */
const answerSaysSomething: Rule<BodyContext<DataSubjectAnswer>> = {
  code: "RULE_SUBJECT_ANSWER_EMPTY",
  says: "an answer has toldToSubject or measures, and LOCATED has targetIds; add what is missing",
  find: ({ body: { step, toldToSubject, measures, targetIds } }) => {
    if (step === "LOCATED") return targetIds.length === 0 ? ["/targetIds"] : [];
    const isEmpty = toldToSubject === undefined && measures.length === 0;
    return answered.has(step) && isEmpty ? ["/toldToSubject"] : [];
  },
};

/** An appeal that is lodged says what is complained of. */
const complaintIsThere: Rule<BodyContext<DataSubjectAppeal>> = {
  code: "RULE_APPEAL_WITHOUT_COMPLAINT",
  says: "the appeal is lodged and complaint is missing; say what is complained of",
  find: ({ body: { appealStep, complaint } }) =>
    appealStep === "LODGED" && complaint === undefined ? ["/complaint"] : [],
};

function missingOfRuling(body: DataSubjectAppeal): readonly string[] {
  const { appealStep, decidedAt, ruling, ordered, deadline } = body;
  const isDecided = ["UPHELD", "PARTLY_UPHELD", "DISMISSED"].includes(appealStep);
  const isWon = isDecided && appealStep !== "DISMISSED";
  return [
    ...(isDecided && decidedAt === undefined ? ["/decidedAt"] : []),
    ...(isDecided && ruling === undefined ? ["/ruling"] : []),
    ...(isWon && ordered.length === 0 ? ["/ordered"] : []),
    ...(isWon && deadline === undefined ? ["/deadline"] : []),
  ];
}

/** A decision has a day and its reasons; one that is won says what must be done by when. */
const rulingIsComplete: Rule<BodyContext<DataSubjectAppeal>> = {
  code: "RULE_APPEAL_RULING_INCOMPLETE",
  says: "a decision names decidedAt and ruling, and one that upholds names ordered and deadline; add them",
  find: ({ body }) => missingOfRuling(body),
};

/** Rules over the bodies of a person's query, answer and appeal. */
export const subjectBodyRules = {
  "data.subject_query": [statementIsThere, counselIsNamed],
  "data.subject_answer": [refusalHasGround, remedyIsNamed, holdingStaysUntold, answerSaysSomething],
  "data.subject_appeal": [complaintIsThere, rulingIsComplete],
} satisfies BodyRules;

/** Rules over the whole of a person's query, answer and appeal. */
export const subjectMessageRules = {
  "data.subject_query": [
    eventsBefore(({ receivedAt }) => ({ "/receivedAt": receivedAt })),
    deadlinesAhead(({ answerBy }) => ({ "/answerBy": answerBy })),
  ],
  "data.subject_answer": [
    deadlinesAhead(({ expectedBy, appealUntil }) => ({
      "/expectedBy": expectedBy,
      "/appealUntil": appealUntil,
    })),
  ],
  "data.subject_appeal": [
    eventsBefore(({ lodgedAt, decidedAt }) => ({ "/lodgedAt": lodgedAt, "/decidedAt": decidedAt })),
    deadlinesAhead(({ deadline }) => ({ "/deadline": deadline })),
  ],
} satisfies MessageRules;
