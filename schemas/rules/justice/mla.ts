import type { MlaRequest, MlaStatus } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type RequestRule = Rule<BodyContext<MlaRequest>>;
type StatusRule = Rule<BodyContext<MlaStatus>>;

/**
 * A formal request rests on a treaty, on reciprocity or on a law. Pointer to the whole body: the basis stands in
 * the inner header, as for every message.
 */
export const requestHasBasis: Rule<MessageContext<MlaRequest>> = {
  code: "RULE_MLA_BASIS_MISSING",
  says: "legalBasis of the header is empty; name the treaty, law or reciprocity the request rests on",
  find: ({ inner }) => (inner.legalBasis.length === 0 ? [""] : []),
};

/** Coercion abroad needs a word on whether the act is an offence there too. */
const dualCriminalityIsStated: RequestRule = {
  code: "RULE_MLA_DUAL_CRIMINALITY_MISSING",
  says: "dualCriminality is missing; say whether the act is an offence in both states or need not be",
  find: ({ body }) => (body.dualCriminality === undefined ? ["/dualCriminality"] : []),
};

/** UNTOC article 18, paragraph 15: the request describes the assistance it seeks. */
const assistanceIsDescribed: RequestRule = {
  code: "RULE_MLA_MEASURE_MISSING",
  says: "a kind of assistance is asked for without a measure that describes it; add it to measures",
  find: ({ body: { assistance, measures } }) =>
    assistance.flatMap((kind, at) =>
      measures.some((measure) => measure.assistance === kind) ? [] : [`/assistance/${at}`],
    ),
};

/** The executing judge reads the law that was broken. */
const offenceHasLaw: RequestRule = {
  code: "RULE_MLA_LAW_MISSING",
  says: "laws is empty; give the provision of the own law that makes this an offence",
  find: ({ body }) =>
    body.offences.flatMap(({ laws }, at) => (laws.length === 0 ? [`/offences/${at}/laws`] : [])),
};

/** Many measures are open only above a certain penalty, so the request says which one threatens. */
const offenceHasPenalty: RequestRule = {
  code: "RULE_MLA_PENALTY_MISSING",
  says: "maximumPenaltyMonths is missing; give the highest penalty, or say lifeSentence or deathPenalty",
  find: ({ body }) =>
    body.offences.flatMap(({ maximumPenaltyMonths, lifeSentence, deathPenalty }, at) =>
      maximumPenaltyMonths !== undefined || lifeSentence === true || deathPenalty === true
        ? []
        : [`/offences/${at}/maximumPenaltyMonths`],
    ),
};

/** Assistance is asked of another state. */
const statesDiffer: RequestRule = {
  code: "RULE_MLA_SAME_STATE",
  says: "requesting and requested are of one country; correct the country of one of them",
  find: ({ body }) =>
    body.requesting.country === body.requested.country ? ["/requested/country"] : [],
};

/** "Incomplete" is of use only with what is missing. */
const missingIsNamed: StatusRule = {
  code: "RULE_MLA_ITEMS_UNNAMED",
  says: "missingItems is empty; say what the request lacks",
  find: ({ body }) =>
    body.status === "INCOMPLETE" && body.missingItems.length === 0 ? ["/missingItems"] : [],
};

/** UNTOC article 18, paragraph 23: reasons are given for any refusal. */
const statusRefusalHasGround: StatusRule = {
  code: "RULE_REFUSAL_WITHOUT_GROUND",
  says: "refusalGrounds is empty; say on which ground it is refused",
  find: ({ body }) =>
    body.status === "REFUSED" && body.refusalGrounds.length === 0 ? ["/refusalGrounds"] : [],
};

/** Postponed without a date and a reason is refused without saying so. */
const postponementIsDated: StatusRule = {
  code: "RULE_MLA_POSTPONED_UNDATED",
  says: "a postponement gives expectedBy and explanation",
  find: ({ body: { status, expectedBy, explanation } }) =>
    status === "POSTPONED"
      ? [
          ...(expectedBy === undefined ? ["/expectedBy"] : []),
          ...(explanation === undefined ? ["/explanation"] : []),
        ]
      : [],
};

const executed = new Set(["EXECUTED", "PARTLY_EXECUTED"]);

/** What was executed is told measure by measure. */
const executionHasResults: StatusRule = {
  code: "RULE_MLA_RESULT_MISSING",
  says: "results is empty; say for each kind of assistance what was done",
  find: ({ body }) => (executed.has(body.status) && body.results.length === 0 ? ["/results"] : []),
};

/** Every rule over the body of a formal request. */
export const mlaRequestRules: readonly RequestRule[] = [
  dualCriminalityIsStated,
  assistanceIsDescribed,
  offenceHasLaw,
  offenceHasPenalty,
  statesDiffer,
];

/** Every rule over the state of a formal request. */
export const mlaStatusRules: readonly StatusRule[] = [
  missingIsNamed,
  statusRefusalHasGround,
  postponementIsDated,
  executionHasResults,
];
