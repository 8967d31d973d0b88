import type { OutcomeJudicial, OutcomeSentence } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type OutcomeRule = Rule<BodyContext<OutcomeJudicial>>;

const sentencing = new Set(["CONVICTION", "SENTENCE"]);

/** A sentence before a conviction would mark someone as convicted who is not. */
const sentenceFollowsConviction: OutcomeRule = {
  code: "RULE_SENTENCE_STAGE",
  says: "sentences stand with the stages CONVICTION and SENTENCE only; correct the stage or leave them out",
  find: ({ body }) =>
    body.sentences.length > 0 && !sentencing.has(body.stage) ? ["/sentences"] : [],
};

const measures: ReadonlyMap<string, keyof OutcomeSentence> = new Map([
  ["IMPRISONMENT", "months"],
  ["SUSPENDED", "suspendedMonths"],
  ["FINE", "fine"],
] as const);

/** A prison term has its length, a fine its amount. */
const sentenceHasMeasure: OutcomeRule = {
  code: "RULE_SENTENCE_MEASURE",
  says: "the sentence lacks its measure: months for imprisonment, suspendedMonths if suspended, fine for a fine",
  find: ({ body }) =>
    body.sentences.flatMap((sentence, at) => {
      const field = measures.get(sentence.kind);
      return field === undefined || sentence[field] !== undefined
        ? []
        : [`/sentences/${at}/${field}`];
    }),
};

const byCourt = new Set(["CONVICTION", "ACQUITTAL", "SENTENCE", "CONFISCATION"]);

/** What only a court can decide names the court. */
const courtIsNamed: OutcomeRule = {
  code: "RULE_OUTCOME_COURT_MISSING",
  says: "court is missing; name the court that decided",
  find: ({ body }) => (byCourt.has(body.stage) && body.court === undefined ? ["/court"] : []),
};

/** A confiscation says what was confiscated. */
const confiscationHasAssets: OutcomeRule = {
  code: "RULE_OUTCOME_NOTHING_CONFISCATED",
  says: "confiscated is empty; list what the court took away or choose another stage",
  find: ({ body }) =>
    body.stage === "CONFISCATION" && body.confiscated.length === 0 ? ["/confiscated"] : [],
};

/** "No issue" beside an issue says nothing. */
const issuesAgree: OutcomeRule = {
  code: "RULE_EVIDENCE_ISSUE_CONTRADICTED",
  says: "evidenceIssues has NONE beside other issues; leave out one or the other",
  find: ({ body }) =>
    body.evidenceIssues.includes("NONE") && body.evidenceIssues.length > 1
      ? ["/evidenceIssues"]
      : [],
};

/** Nobody is convicted or acquitted who was not charged. */
const countsAgree: OutcomeRule = {
  code: "RULE_OUTCOME_COUNTS",
  says: "personsConvicted and personsAcquitted are together more than personsCharged; correct the counts",
  find: ({ body: { personsCharged, personsConvicted = 0, personsAcquitted = 0 } }) =>
    personsCharged !== undefined && personsConvicted + personsAcquitted > personsCharged
      ? ["/personsCharged"]
      : [],
};

/** A verdict's count is one of the offences of the same message. */
const verdictsNameOffence: OutcomeRule = {
  code: "RULE_OUTCOME_OFFENCE_UNKNOWN",
  says: "offenceIndex counts the offences of this message from one, and there are not so many; correct it",
  find: ({ body: { verdicts, offences } }) =>
    verdicts.flatMap(({ offenceIndex = 0 }, at) =>
      offenceIndex > offences.length ? [`/verdicts/${at}/offenceIndex`] : [],
    ),
};

/** Every rule over a judicial outcome. */
export const outcomeRules: readonly OutcomeRule[] = [
  sentenceFollowsConviction,
  sentenceHasMeasure,
  courtIsNamed,
  confiscationHasAssets,
  issuesAgree,
  countsAgree,
  verdictsNameOffence,
];
