import type { SuspectHandover } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type HandoverRule = Rule<BodyContext<SuspectHandover>>;

const moving = new Set(["ACCEPTED", "IN_TRANSFER", "HANDED_OVER"]);
const based = new Set(["OFFERED", ...moving]);

/** Nobody is offered or handed to another state without a basis in law. */
const handoverHasBasis: HandoverRule = {
  code: "RULE_HANDOVER_BASIS_MISSING",
  says: "basis is missing; say on which legal basis the persons are handed over",
  find: ({ body }) => (based.has(body.stage) && body.basis === undefined ? ["/basis"] : []),
};

const byAgreement = new Set(["TRANSFER_AGREEMENT", "SURRENDER"]);

/** A basis that is an agreement names it. */
const agreementIsNamed: HandoverRule = {
  code: "RULE_HANDOVER_AGREEMENT_MISSING",
  says: "agreement is missing; name the agreement that the handover rests on",
  find: ({ body: { basis, agreement } }) =>
    basis !== undefined && byAgreement.has(basis) && agreement === undefined ? ["/agreement"] : [],
};

/** A person who may be sentenced to death moves only against a signed assurance that he will not die for it. */
const capitalIsAssured: HandoverRule = {
  code: "RULE_HANDOVER_ASSURANCE_MISSING",
  says: "an offence carries the death penalty; name the assurance.given of kind DEATH_PENALTY in assurances",
  find: ({ body: { stage, offences, assurances } }) =>
    moving.has(stage) &&
    offences.some(({ deathPenalty }) => deathPenalty === true) &&
    !assurances.some(({ kind }) => kind === "DEATH_PENALTY")
      ? ["/assurances"]
      : [],
};

/** An accepted handover says who takes the persons. */
const takerIsNamed: HandoverRule = {
  code: "RULE_HANDOVER_TAKER_MISSING",
  says: "acceptedBy is missing; name the agency that takes the persons",
  find: ({ body }) =>
    moving.has(body.stage) && body.acceptedBy === undefined ? ["/acceptedBy"] : [],
};

/** All refused means that somebody was asked and that everybody who was asked refused. */
const allHaveRefused: HandoverRule = {
  code: "RULE_HANDOVER_NOT_ALL_REFUSED",
  says: "the stage is ALL_REFUSED, but offeredTo is empty or has an offer not refused; correct one of them",
  find: ({ body: { stage, offeredTo } }) =>
    stage === "ALL_REFUSED" &&
    (offeredTo.length === 0 || offeredTo.some(({ answer }) => answer !== "REFUSED"))
      ? ["/offeredTo"]
      : [],
};

/** A state that refuses says why: persons went free before because nobody learnt what was missing. */
const offerRefusalHasGround: HandoverRule = {
  code: "RULE_TAKEOVER_GROUND_MISSING",
  says: "refusalGround is missing; say on which ground that state refused",
  find: ({ body }) =>
    body.offeredTo.flatMap(({ answer, refusalGround }, at) =>
      answer === "REFUSED" && refusalGround === undefined ? [`/offeredTo/${at}/refusalGround`] : [],
    ),
};

/** The time in custody runs forward. */
const deadlineIsAhead: HandoverRule = {
  code: "RULE_HANDOVER_DEADLINE",
  says: "legalDeadline is not after detentionStartedAt; correct one of them",
  find: ({ body: { legalDeadline, detentionStartedAt } }) =>
    legalDeadline !== undefined && legalDeadline <= detentionStartedAt ? ["/legalDeadline"] : [],
};

/** A release says why, so that the next case does not end the same way. */
const releaseIsExplained: HandoverRule = {
  code: "RULE_HANDOVER_RELEASE_UNEXPLAINED",
  says: "releaseReason is missing; say why the persons were released",
  find: ({ body }) =>
    body.stage === "RELEASED" && body.releaseReason === undefined ? ["/releaseReason"] : [],
};

/** A minor does not cross a border in custody without a guardian at his side. */
const minorHasGuardian: HandoverRule = {
  code: "RULE_HANDOVER_MINOR_ALONE",
  says: "a minor is handed over without guardian; give him a ref, and say in care that a guardian is present",
  find: ({ body: { stage, persons, care } }) =>
    moving.has(stage)
      ? persons.flatMap(({ minor, ref }, at) =>
          minor === true && !care.some((one) => one.ref === ref && one.guardian === true)
            ? [`/persons/${at}/minor`]
            : [],
        )
      : [],
};

/** Every rule over a handover of persons. */
export const handoverRules: readonly HandoverRule[] = [
  handoverHasBasis,
  agreementIsNamed,
  capitalIsAssured,
  takerIsNamed,
  allHaveRefused,
  offerRefusalHasGround,
  deadlineIsAhead,
  releaseIsExplained,
  minorHasGuardian,
];
