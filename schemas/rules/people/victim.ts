import type { TipIdentity, TipVictim } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { isMinorBand } from "./profiles.ts";

interface OfVictim {
  readonly victimRef: string;
}

/** Somebody answers for "is a victim" and "is not"; only a presumption may have no author. */
export const statusIsDecided: Rule<BodyContext<TipVictim>> = {
  code: "RULE_TIP_STATUS_UNDECIDED",
  says: "traffickingStatus ACTUAL or NOT was decided by somebody; name who in decidedBy, or send POSSIBLE",
  find: ({ body: { traffickingStatus, decidedBy } }) =>
    (traffickingStatus === "ACTUAL" || traffickingStatus === "NOT") && decidedBy === "UNKNOWN"
      ? ["/decidedBy"]
      : [],
};

/** An identity tells who: otherwise the pseudonym was enough. */
export const identityTellsWho: Rule<BodyContext<TipIdentity>> = {
  code: "RULE_TIP_IDENTITY_EMPTY",
  says: "an identity has at least a name, an identity number or a document; add one or send tip.victim",
  find: ({ body: { firstName, secondName, names, identityNumber, documents } }) => {
    const told = [firstName, secondName, identityNumber].some((value) => value !== undefined);
    return told || names.length > 0 || documents.length > 0 ? [] : ["/firstName"];
  },
};

/** What is sensitive says so, so that the general rule asks for its basis in law. */
export const victimIsSensitive: Rule<
  MessageContext<OfVictim & { readonly ageBand?: string | undefined }>
> = {
  code: "RULE_TIP_NOT_SENSITIVE",
  says: "a message about a victim has VICTIM in sensitiveCategories, and MINOR too when it is a child; add it",
  find: ({ body, inner: { sensitiveCategories } }) => {
    const needed = ["VICTIM", ...(isMinorBand(body.ageBand) ? ["MINOR"] : [])];
    return needed.every((category) => sensitiveCategories.includes(category)) ? [] : ["/victimRef"];
  },
};

/** Who a victim is and where she is taken goes to one reader, who may not pass it on unasked. */
export const handlingIsClose: Rule<MessageContext<OfVictim>> = {
  code: "RULE_TIP_HANDLING",
  says: "a victim's identity or referral travels under handling H2 or H3; raise the handling code",
  find: ({ handling }) => (handling === "H2" || handling === "H3" ? [] : ["/victimRef"]),
};

/** The receiving agency of the body is the one and only recipient of the message. */
export const oneReader: Rule<MessageContext<{ readonly toAgency: string }>> = {
  code: "RULE_TIP_ONE_READER",
  says: "the message has one recipient, the agency that toAgency names; send one message to each",
  find: ({ body, inner: { recipients } }) =>
    recipients.every((recipient) => recipient === body.toAgency) ? [] : ["/toAgency"],
};
