import type { CasefileTransfer, SentencedTransfer } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { isProposal } from "./steps.ts";

type CasefileRule = Rule<BodyContext<CasefileTransfer>>;
type SentencedRule = Rule<BodyContext<SentencedTransfer>>;

function missingOfCasefile(body: CasefileTransfer): readonly string[] {
  const { grounds, offences, inventory } = body;
  return [
    ...Object.entries({ grounds, offences, inventory })
      .filter(([, list]) => list.length === 0)
      .map(([field]) => `/${field}`),
    ...(body.facts === undefined ? ["/facts"] : []),
  ];
}

/** A case is offered with what a prosecutor needs to decide whether to take it. */
const casefileIsComplete: CasefileRule = {
  code: "RULE_CASEFILE_INCOMPLETE",
  says: "an offered case has grounds, offences, facts and inventory; add what is missing",
  find: ({ body }) => (isProposal(body.step) ? missingOfCasefile(body) : []),
};

/** A case taken over has a new home: who goes on, under which number. */
const casefileHasTaker: CasefileRule = {
  code: "RULE_CASEFILE_TAKER_MISSING",
  says: "an accepted case names to and newRef; say who goes on with it and under which number",
  find: ({ body: { step, to, newRef } }) =>
    step === "ACCEPTED"
      ? [...(to === undefined ? ["/to"] : []), ...(newRef === undefined ? ["/newRef"] : [])]
      : [],
};

/** One number is one piece of the file. */
const pieceStandsOnce: CasefileRule = {
  code: "RULE_CASEFILE_ITEM_TWICE",
  says: "the number stands in the inventory already; correct it or leave the second out",
  find: ({ body }) => {
    const numbers = body.inventory.map(({ number }) => number);
    return numbers.flatMap((number, at) =>
      numbers.indexOf(number) === at ? [] : [`/inventory/${at}/number`],
    );
  },
};

const moving = new Set(["PROPOSED", "AMENDED", "ACCEPTED", "COMPLETED"]);

/** Only a sentence against which nothing is left can be served elsewhere. */
const sentenceIsFinal: SentencedRule = {
  code: "RULE_SENTENCED_NOT_FINAL",
  says: "term is missing or not final; a transfer waits until the judgment is final",
  find: ({ body: { step, term } }) => {
    if (!moving.has(step)) return [];
    if (term === undefined) return isProposal(step) ? ["/term"] : [];
    return term.final ? [] : ["/term/final"];
  },
};

const agreed = new Set(["ACCEPTED", "COMPLETED"]);

/** Nobody is moved to another country's prison against his will. */
const personConsents: SentencedRule = {
  code: "RULE_SENTENCED_CONSENT_MISSING",
  says: "consent is missing, not given or given without knowing what it means; obtain it before the transfer",
  find: ({ body: { step, consent } }) =>
    agreed.has(step) && !(consent?.given === true && consent.toldConsequences === true)
      ? ["/consent"]
      : [],
};

/** Every rule over a transfer of proceedings. */
export const casefileRules: readonly CasefileRule[] = [
  casefileIsComplete,
  casefileHasTaker,
  pieceStandsOnce,
];

/** Every rule over the transfer of a sentenced person. */
export const sentencedRules: readonly SentencedRule[] = [sentenceIsFinal, personConsents];
