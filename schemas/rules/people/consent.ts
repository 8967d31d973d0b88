import type { TipConsent } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { isMinorBand } from "./profiles.ts";

interface WithConsent {
  readonly consent: TipConsent;
  readonly ageBand?: string | undefined;
}

/** A yes is worth what it covers: to what, when, in which language and by whom it was said. */
export const consentIsComplete: Rule<BodyContext<WithConsent>> = {
  code: "RULE_TIP_CONSENT_INCOMPLETE",
  says: "consent that is given says scopes, at, lang and by; complete it",
  find: ({ body: { consent } }) => {
    if (!consent.given) return [];
    const { scopes, at, lang, by } = consent;
    return [
      ...(scopes.length === 0 ? ["/consent/scopes"] : []),
      ...(at === undefined ? ["/consent/at"] : []),
      ...(lang === undefined ? ["/consent/lang"] : []),
      ...(by === undefined ? ["/consent/by"] : []),
    ];
  },
};

/** Without consent, or after it was withdrawn, only a law can be the reason to send. */
export const consentOrLaw: Rule<BodyContext<WithConsent>> = {
  code: "RULE_TIP_WITHOUT_CONSENT",
  says: "there is no consent, or it was withdrawn: name the law that obliges in consent.basis, or do not send",
  find: ({ body: { consent } }) => {
    const stands = consent.given && consent.withdrawnAt === undefined;
    return stands || consent.basis !== undefined ? [] : ["/consent/basis"];
  },
};

/** A child does not consent alone (UNICEF guidelines on child victims of trafficking, §3). */
export const childHasSpokesman: Rule<BodyContext<WithConsent>> = {
  code: "RULE_TIP_CHILD_CONSENT",
  says: "a child's consent is given with a parent, guardian, representative or court; say which in consent.by",
  find: ({ body: { consent, ageBand } }) =>
    consent.given && consent.by === "SELF" && isMinorBand(ageBand) ? ["/consent/by"] : [],
};
