import type { HeaderContext, Rule } from "./rule.ts";

const mustBeReasoned = new Set(["FLASH", "URGENT_DIRECT"]);

/**
 * An urgent sealed message says why. Open types may be FLASH by nature: a ship under attack is its own
 * reason, and its report is the reason in full.
 */
export const urgencyReason: Rule<HeaderContext> = {
  code: "RULE_URGENCY_REASON_MISSING",
  says: "urgencyReason is missing; say why it is urgent or send it with a lower urgency",
  find: ({ form, urgency, inner }) =>
    form === "SEALED" && mustBeReasoned.has(urgency) && inner.urgencyReason === undefined
      ? ["/urgencyReason"]
      : [],
};

/** H3 means "other restrictions": without words nobody could keep them. */
export const h3Text: Rule<HeaderContext> = {
  code: "RULE_H3_TEXT_MISSING",
  says: "h3Text is missing; say what handling H3 restricts or choose another handling code",
  find: ({ handling, inner }) =>
    handling === "H3" && inner.h3Text === undefined ? ["/h3Text"] : [],
};

/** Sensitive data needs its exception in law (ECOWAS Supplementary Act A/SA.1/01/10, articles 30 and 31). */
export const sensitiveBasis: Rule<HeaderContext> = {
  code: "RULE_SENSITIVE_WITHOUT_BASIS",
  says: "sensitiveBasis is missing; name the legal basis of the sensitive categories",
  find: ({ inner }) =>
    inner.sensitiveCategories.length > 0 && inner.sensitiveBasis === undefined
      ? ["/sensitiveBasis"]
      : [],
};

/** A reply is an answer to something: the clocks of both sides hang on the request's id. */
export const replyNamesRequest: Rule<HeaderContext> = {
  code: "RULE_REPLY_WITHOUT_REQUEST",
  says: "inReplyTo is missing; a reply names the id of the request it answers",
  find: ({ type, inner }) =>
    type === "fiu.reply" && inner.inReplyTo === undefined ? ["/inReplyTo"] : [],
};

/** The rules over the headers, in the order they are told. Pointers are into the inner header. */
export const headerRules: readonly Rule<HeaderContext>[] = [
  urgencyReason,
  h3Text,
  sensitiveBasis,
  replyNamesRequest,
];
