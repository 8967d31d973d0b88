import type { FiuConsent, FiuReply, FiuRequest } from "../gen/index.ts";
import { isReversed } from "./period.ts";
import type { BodyContext, Rule } from "./rule.ts";

/** The period asked about ends after it begins. */
export const periodInOrder: Rule<BodyContext<FiuRequest>> = {
  code: "RULE_PERIOD_REVERSED",
  says: "periodTo is before periodFrom; exchange or correct them",
  find: ({ body }) => (isReversed(body.periodFrom, body.periodTo) ? ["/periodTo"] : []),
};

/** A subject is exactly one of three: with two, nobody knows whom the answer is about. */
export const subjectIsOne: Rule<BodyContext<FiuRequest>> = {
  code: "RULE_SUBJECT_NOT_ONE",
  says: "a subject has exactly one of person, organisation and account; split it or complete it",
  find: ({ body }) =>
    body.subjects.flatMap(({ person, organisation, account }, at) => {
      const given = [person, organisation, account].filter((one) => one !== undefined);
      return given.length === 1 ? [] : [`/subjects/${at}`];
    }),
};

/** What a grant must say; conditions stand in words, because no code can hold them. */
function missingOfGrant(consent: FiuConsent): readonly string[] {
  const { decision, recipients, purposes, expiresAt, explanation } = consent;
  return [
    ...(recipients.length === 0 ? ["recipients"] : []),
    ...(purposes.length === 0 ? ["purposes"] : []),
    ...(expiresAt === undefined ? ["expiresAt"] : []),
    ...(decision === "GRANTED_WITH_CONDITIONS" && explanation === undefined ? ["explanation"] : []),
  ];
}

function missingOfConsent(consent: FiuConsent): readonly string[] {
  if (consent.decision === "REFUSED") {
    return consent.refusalGround === undefined ? ["refusalGround"] : [];
  }
  return consent.decision.startsWith("GRANTED") ? missingOfGrant(consent) : [];
}

/** The third-party rule needs who, what for and until when; or why not. */
export const consentIsComplete: Rule<BodyContext<FiuReply>> = {
  code: "RULE_CONSENT_INCOMPLETE",
  says:
    "consent is incomplete: a grant names recipients, purposes and expiresAt, and its conditions in " +
    "explanation if it has any; a refusal names refusalGround",
  find: ({ body }) => missingOfConsent(body.consent).map((field) => `/consent/${field}`),
};
