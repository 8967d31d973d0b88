import type { ForensicCompare, JitProposal, PreserveData } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { isProposal } from "./steps.ts";

type TeamRule = Rule<BodyContext<JitProposal>>;
type PreserveRule = Rule<BodyContext<PreserveData>>;
type CompareRule = Rule<BodyContext<ForensicCompare>>;

/** A joint team is of two states at least. */
const teamHasParties: TeamRule = {
  code: "RULE_JIT_PARTIES",
  says: "parties names fewer than two countries; add the other states of the team",
  find: ({ body: { step, parties } }) =>
    isProposal(step) && new Set(parties.map(({ country }) => country)).size < 2 ? ["/parties"] : [],
};

/** Who leads belongs to it. */
const leadIsParty: TeamRule = {
  code: "RULE_JIT_LEAD_NOT_PARTY",
  says: "lead is not the agency of one of the parties; correct it or add the party",
  find: ({ body: { lead, parties } }) =>
    lead !== undefined && parties.length > 0 && !parties.some(({ agency }) => agency === lead)
      ? ["/lead"]
      : [],
};

/** UNTOC article 19 and every model agreement: for a limited time, a stated aim, under a rule of evidence. */
const teamIsBounded: TeamRule = {
  code: "RULE_JIT_INCOMPLETE",
  says: "a proposed team has aim, periodTo and evidenceRule; add what is missing",
  find: ({ body: { step, aim, periodTo, evidenceRule } }) =>
    isProposal(step)
      ? [
          ...(aim === undefined ? ["/aim"] : []),
          ...(periodTo === undefined ? ["/periodTo"] : []),
          ...(evidenceRule === undefined ? ["/evidenceRule"] : []),
        ]
      : [],
};

/** A request to preserve says what: an identity or a number, each time. */
const preserveHasTarget: PreserveRule = {
  code: "RULE_PRESERVE_TARGET_MISSING",
  says: "what to preserve is missing; give an identity or a phone in every entry of preserve",
  find: ({ body: { step, preserve } }) => [
    ...(step === "REQUEST" && preserve.length === 0 ? ["/preserve"] : []),
    ...preserve.flatMap(({ identity, phone }, at) =>
      identity === undefined && phone === undefined ? [`/preserve/${at}`] : [],
    ),
  ],
};

const holding = new Set(["REQUEST", "CONFIRMED", "EXTENDED"]);

/** Preservation ends: it is a bridge to a formal request, not a store. */
const preserveHasEnd: PreserveRule = {
  code: "RULE_PRESERVE_END_MISSING",
  says: "preserveUntil is missing; say until when the data is to be kept",
  find: ({ body }) =>
    holding.has(body.step) && body.preserveUntil === undefined ? ["/preserveUntil"] : [],
};

/** Twice the 90 days of the Budapest Convention, article 16: longer is asked for again, with EXTENDED. */
const maxPreserveMs = 180 * 86_400_000;

/** One step keeps data for 180 days at most, and from now on. */
export const preserveIsShort: Rule<MessageContext<PreserveData>> = {
  code: "RULE_PRESERVE_TOO_LONG",
  says: "preserveUntil is in the past or more than 180 days ahead; give an earlier date and extend it later",
  find: ({ body: { preserveUntil }, createdAt }) =>
    preserveUntil !== undefined &&
    (preserveUntil <= createdAt || preserveUntil > createdAt + maxPreserveMs)
      ? ["/preserveUntil"]
      : [],
};

/** A comparison needs something to compare. */
const comparisonHasSample: CompareRule = {
  code: "RULE_FORENSIC_SAMPLE_MISSING",
  says: "samples is empty; list the samples to compare",
  find: ({ body }) => (body.step === "REQUEST" && body.samples.length === 0 ? ["/samples"] : []),
};

/** A result says what was found and who found it. */
const comparisonHasResult: CompareRule = {
  code: "RULE_FORENSIC_RESULT_MISSING",
  says: "a result gives findings and laboratory; add what is missing",
  find: ({ body: { step, findings, laboratory } }) =>
    step === "RESULT"
      ? [
          ...(findings.length === 0 ? ["/findings"] : []),
          ...(laboratory === undefined ? ["/laboratory"] : []),
        ]
      : [],
};

/** An identification by one pair of eyes is a lead; with it goes that a second examiner checked. */
const identificationIsChecked: CompareRule = {
  code: "RULE_FORENSIC_UNVERIFIED",
  says: "an identification was not checked by a second examiner; have it checked or choose a weaker conclusion",
  find: ({ body: { findings, secondExaminer } }) =>
    secondExaminer === true
      ? []
      : findings.flatMap(({ conclusion }, at) =>
          conclusion === "IDENTIFICATION" ? [`/findings/${at}/conclusion`] : [],
        ),
};

/** Every rule over a joint team. */
export const teamRules: readonly TeamRule[] = [teamHasParties, leadIsParty, teamIsBounded];

/** Every rule over the body of a preservation of data. */
export const preserveRules: readonly PreserveRule[] = [preserveHasTarget, preserveHasEnd];

/** Every rule over a forensic comparison. */
export const compareRules: readonly CompareRule[] = [
  comparisonHasSample,
  comparisonHasResult,
  identificationIsChecked,
];
