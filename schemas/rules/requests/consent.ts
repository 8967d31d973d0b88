import type {
  DisseminationConsentDecision,
  DisseminationConsentRequest,
  HandlingChange,
} from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";
import { otherExplained } from "./named-parts.ts";
import {
  type Grants,
  grantsAreAhead,
  grantsAreComplete,
  recipientsAreNamed,
} from "./recipients.ts";

/** A change of handling changes something. */
const somethingChanges: Rule<BodyContext<HandlingChange>> = {
  code: "RULE_HANDLING_UNCHANGED",
  says: "no new handling, level, purpose or court use is given and nobody is left out; name what changes",
  find: ({ body }) => {
    const singles = [
      body.newHandling,
      body.newReleaseLevel,
      body.newTlp,
      body.newPap,
      body.newCourtUse,
      body.newClassification,
    ];
    const lists = [body.newPurposes, body.newConsentRequiredFor, body.withdrawnFrom];
    const isSame =
      singles.every((one) => one === undefined) && lists.every((list) => list.length === 0);
    return isSame ? ["/newHandling"] : [];
  },
};

/** H3 means "other restrictions": without words nobody could keep them. */
const restrictionIsSaid: Rule<BodyContext<HandlingChange>> = {
  code: "RULE_H3_TEXT_MISSING",
  says: "restriction is missing; say what handling H3 restricts or choose another handling code",
  find: ({ body: { newHandling, restriction } }) =>
    newHandling === "H3" && restriction === undefined ? ["/restriction"] : [],
};

/** Taking a message away from somebody is not a loosening. */
const looserTakesNothing: Rule<BodyContext<HandlingChange>> = {
  code: "RULE_LOOSER_BUT_WITHDRAWN",
  says: "direction is LOOSER and withdrawnFrom names agencies; use MIXED, or send the withdrawal apart",
  find: ({ body: { direction, withdrawnFrom } }) =>
    direction === "LOOSER" && withdrawnFrom.length > 0 ? ["/direction"] : [],
};

/** Consent for a court is given to one court, knowing who else will see it there. */
const courtIsNamed: Rule<BodyContext<DisseminationConsentRequest>> = {
  code: "RULE_COURT_UNNAMED",
  says: "uses holds COURT_USE and court is missing; name the court and the proceedings",
  find: ({ body: { uses, court } }) =>
    uses.includes("COURT_USE") && court === undefined ? ["/court"] : [],
};

/** An owner who asks for assurances must be told that the offence can cost a life. */
const capitalIsTold: Rule<BodyContext<DisseminationConsentRequest>> = {
  code: "RULE_CAPITAL_USE_UNTOLD",
  says: "an offence can carry the death penalty and uses has no DEATH_PENALTY_CASE; add it",
  find: ({ body: { offences, uses } }) =>
    offences.some(({ deathPenalty }) => deathPenalty === true) &&
    !uses.includes("DEATH_PENALTY_CASE")
      ? ["/uses"]
      : [],
};

function isGrant(decision: string): boolean {
  return decision.startsWith("GRANTED");
}

/** A grant is there when consent is given, and only then. */
const grantFitsDecision: Rule<BodyContext<DisseminationConsentDecision>> = {
  code: "RULE_CONSENT_CONTRADICTS",
  says: "grant is there exactly when the decision grants; add it or leave it out",
  find: ({ body: { consentDecision, grant } }) =>
    isGrant(consentDecision) === (grant !== undefined) ? [] : ["/grant"],
};

/** A refusal has a ground. */
const refusalHasGround: Rule<BodyContext<DisseminationConsentDecision>> = {
  code: "RULE_CONSENT_REFUSED_WITHOUT_GROUND",
  says: "consent is refused and refusals is empty; name the ground",
  find: ({ body: { consentDecision, refusals } }) =>
    consentDecision === "REFUSED" && refusals.length === 0 ? ["/refusals"] : [],
};

/** What is revoked is a consent that was given. */
const revokedIsNamed: Rule<BodyContext<DisseminationConsentDecision>> = {
  code: "RULE_REVOCATION_UNNAMED",
  says: "consent is revoked and revokedId is missing; name the decision that ends",
  find: ({ body: { consentDecision, revokedId } }) =>
    consentDecision === "REVOKED" && revokedId === undefined ? ["/revokedId"] : [],
};

const grantsOf: Grants<DisseminationConsentDecision> = ({ grant }) =>
  grant === undefined ? [] : [["/grant", grant]];

/** Rules over the bodies about handling and consent. */
export const consentBodyRules = {
  "handling.change": [
    somethingChanges,
    restrictionIsSaid,
    looserTakesNothing,
    otherExplained((body) => [["/explanation", [body.handlingReason], body.explanation]]),
  ],
  "dissemination.consent_request": [
    courtIsNamed,
    capitalIsTold,
    recipientsAreNamed(({ intendedRecipients }) => ({ "/intendedRecipients": intendedRecipients })),
  ],
  "dissemination.consent_decision": [
    grantFitsDecision,
    grantsAreComplete(
      grantsOf,
      ({ consentDecision }) => consentDecision === "GRANTED_WITH_CONDITIONS",
    ),
    refusalHasGround,
    revokedIsNamed,
    otherExplained((body) => [["/explanation", body.refusals, body.explanation]]),
  ],
} satisfies BodyRules;

/** Rules over the whole of messages about handling and consent. */
export const consentMessageRules = {
  "dissemination.consent_request": [
    deadlinesAhead(({ decideBy, useUntil }) => ({ "/decideBy": decideBy, "/useUntil": useUntil })),
  ],
  "dissemination.consent_decision": [grantsAreAhead(grantsOf)],
} satisfies MessageRules;
