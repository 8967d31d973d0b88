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

const answers = new Set([
  "core_data.reply",
  "dissemination.consent_decision",
  "fiu.consent_decision",
  "fiu.feedback",
  "fiu.reply",
  "firearm.trace_reply",
  "asset.trace_reply",
  "query.result",
  "hit.confirmation",
  "control.feedback",
  "warning.response",
  "assurance.given",
  "data.subject_answer",
  "data.purge_ack",
  "directory.ping_answer",
  "request.acknowledge",
  "request.answer",
  "request.transfer",
  "data.subject_appeal",
  "request.more_info",
  "mla.status",
  "feedback.report",
  "feedback.waiver",
]);

function isReply(type: string): boolean {
  return type.startsWith("reply.") || answers.has(type);
}

/** A reply is an answer to something: the clocks of both sides hang on the request's id. */
export const replyNamesRequest: Rule<HeaderContext> = {
  code: "RULE_REPLY_WITHOUT_REQUEST",
  says: "inReplyTo is missing; a reply names the id of the request it answers",
  find: ({ type, inner }) => (isReply(type) && inner.inReplyTo === undefined ? ["/inReplyTo"] : []),
};

/** The marks that keep a message to few; whoever carries an open one reads it. */
const forFew = new Set(["RED", "AMBER_STRICT"]);

/** What the carrier can read is not marked for a few: the mark would promise what the form cannot keep. */
export const openIsForSeveral: Rule<HeaderContext> = {
  code: "RULE_OPEN_TLP_TOO_HIGH",
  says: "tlp is above AMBER and the type travels open; lower it or send a sealed type",
  find: ({ type, form, inner: { tlp } }) =>
    // a bulletin's own rule is stricter
    form === "OPEN" && !type.startsWith("bulletin.") && forFew.has(tlp ?? "") ? ["/tlp"] : [],
};

const gradesOf: ReadonlyMap<string, string> = new Map([
  ["EUROPOL_4X4", "EUROPOL_"],
  ["ADMIRALTY", "ADMIRALTY_"],
  ["UK_5X5X5", "UK555_"],
  ["UK_3X5X2", "UK352_"],
]);

/** An E of one scheme is "untested", of another "unreliable": grades of two schemes cannot be read together. */
export const gradesAreOfScheme: Rule<HeaderContext> = {
  code: "RULE_EVALUATION_MIXED",
  says: "sourceGrade and informationGrade are of another scheme than evaluation names; grade both in that scheme",
  find: ({ inner: { evaluation } }) => {
    if (evaluation === undefined) return [];
    const prefix = gradesOf.get(evaluation.scheme) ?? "";
    const fits = [evaluation.sourceGrade, evaluation.informationGrade].every((grade) =>
      grade.startsWith(prefix),
    );
    return fits ? [] : ["/evaluation"];
  },
};

/** Whoever must not learn of it is not written to: for a protected person that is life or death. */
export const keptFromNoRecipient: Rule<HeaderContext> = {
  code: "RULE_RECIPIENT_KEPT_FROM",
  says: "recipients holds an agency of excludedRecipients, or of a state of protectedFrom; take it out of one of them",
  find: ({ inner: { recipients, excludedRecipients, protectedFrom } }) =>
    recipients.flatMap((agency, at) => {
      const state = (agency.split("/")[0] ?? "").toUpperCase();
      const isKept = excludedRecipients.includes(agency) || protectedFrom.includes(state);
      return isKept ? [`/recipients/${at}`] : [];
    }),
};

/** What travels open is read by everyone who may read the feed: nobody can be kept from it. */
export const openKeepsNobodyOut: Rule<HeaderContext> = {
  code: "RULE_OPEN_KEPT_FROM",
  says:
    "a message that travels open cannot be kept from anyone; leave protectedFrom and excludedRecipients out or send a " +
    "sealed type",
  find: ({ form, inner }) =>
    form === "OPEN"
      ? (["protectedFrom", "excludedRecipients"] as const)
          .filter((name) => inner[name].length > 0)
          .map((name) => `/${name}`)
      : [],
};

/** The rules over the headers, in the order they are told. Pointers are into the inner header. */
export const headerRules: readonly Rule<HeaderContext>[] = [
  urgencyReason,
  h3Text,
  sensitiveBasis,
  replyNamesRequest,
  openKeepsNobodyOut,
  openIsForSeveral,
  gradesAreOfScheme,
  keptFromNoRecipient,
];
