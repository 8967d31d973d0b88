/** Rules of every message type. */
export const generalRuleFaults = {
  RULE_URGENCY_REASON_MISSING: "An urgent message says why it is urgent",
  RULE_H3_TEXT_MISSING: "Handling H3 says in words what is restricted",
  RULE_PERIOD_REVERSED: "A period ends before it begins",
  RULE_PERSONAL_DATA_IN_OPEN: "An open message holds no personal data",
  RULE_REPLY_WITHOUT_REQUEST: "A reply names the request it answers",
  RULE_SENSITIVE_WITHOUT_BASIS: "Sensitive categories name their legal basis",
  RULE_PROTECTED_NAMED_IN_FEED: "A victim, witness or minor stands in a feed by pseudonym only",
  RULE_INFORMANT_NAMED: "An informant's identity never leaves the agency",
  RULE_DATE_IMPOSSIBLE: "A date is one of the calendar, and a day has its month",
  RULE_SPAN_OUTSIDE: "A marked span lies within its text",
  RULE_OPEN_TLP_TOO_HIGH: "What travels open is not marked above AMBER",
  RULE_EVALUATION_MIXED: "Both grades of an evaluation are of its scheme",
  RULE_OPEN_KEPT_FROM: "An open message cannot be kept from anyone",
  RULE_RECIPIENT_KEPT_FROM: "A message is not addressed to those it is kept from",
  RULE_ATTACHMENT_KEY_ALONE: "An attachment has a key and a manifest, or neither",
} as const;
