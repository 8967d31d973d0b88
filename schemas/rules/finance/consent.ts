import type { FiuConsent, FiuConsentDecision, FiuConsentRequest } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type Decided = Pick<
  FiuConsent,
  "decision" | "recipients" | "purposes" | "expiresAt" | "refusalGround" | "explanation"
>;

/** What a grant must say; conditions stand in words, because no code can hold them. */
function missingOfGrant(consent: Decided): readonly string[] {
  const { decision, recipients, purposes, expiresAt, explanation } = consent;
  return [
    ...(recipients.length === 0 ? ["recipients"] : []),
    ...(purposes.length === 0 ? ["purposes"] : []),
    ...(expiresAt === undefined ? ["expiresAt"] : []),
    ...(decision === "GRANTED_WITH_CONDITIONS" && explanation === undefined ? ["explanation"] : []),
  ];
}

function missingOfConsent(consent: Decided): readonly string[] {
  if (consent.decision === "REFUSED") {
    return consent.refusalGround === undefined ? ["refusalGround"] : [];
  }
  return consent.decision.startsWith("GRANTED") ? missingOfGrant(consent) : [];
}

const completeSays =
  "consent is incomplete: a grant names recipients, purposes and expiresAt, and its conditions in " +
  "explanation if it has any; a refusal names refusalGround";

/** The third-party rule needs who, what for and until when; or why not. */
export const consentIsComplete: Rule<BodyContext<{ readonly consent: FiuConsent }>> = {
  code: "RULE_CONSENT_INCOMPLETE",
  says: completeSays,
  find: ({ body }) => missingOfConsent(body.consent).map((field) => `/consent/${field}`),
};

/** The same for a decision that is a message of its own; a grant names its offences too. */
export const decisionIsComplete: Rule<BodyContext<FiuConsentDecision>> = {
  code: "RULE_CONSENT_INCOMPLETE",
  says: completeSays,
  find: ({ body }) => missingOfConsent(body).map((field) => `/${field}`),
};

/** Nobody can be held to "other": what is used for any crime is used for every purpose. */
function isVague(offences: readonly string[]): boolean {
  return offences.every((offence) => offence === "other");
}

const vagueSays =
  "offences names no offence; name the one that is pursued, because consent is given for it alone";

/** A request for consent that names no offence could only be refused. */
export const askedForOffence: Rule<BodyContext<FiuConsentRequest>> = {
  code: "RULE_CONSENT_OFFENCE_VAGUE",
  says: vagueSays,
  find: ({ body }) => (isVague(body.offences) ? ["/offences"] : []),
};

/** A grant covers recipient, purpose and offence; with one of them open it would cover all. */
export const grantedForOffence: Rule<BodyContext<FiuConsentDecision>> = {
  code: "RULE_CONSENT_OFFENCE_VAGUE",
  says: vagueSays,
  find: ({ body }) =>
    body.decision.startsWith("GRANTED") && isVague(body.offences) ? ["/offences"] : [],
};
