import type { MessageContext, Rule } from "../rule.ts";

interface MayBePublic {
  readonly publicEdition?: boolean | undefined;
}

const publicTlp = new Set(["CLEAR"]);
const openTlp = new Set(["CLEAR", "GREEN"]);

/** What the public may see is bound by nothing: no handling, no colour, no consent asked for first. */
export const publicIsUnrestricted: Rule<MessageContext<MayBePublic>> = {
  code: "RULE_PUBLIC_EDITION_RESTRICTED",
  says:
    "publicEdition goes with handling H0, no tlp but CLEAR, and no PUBLIC_RELEASE in consentRequiredFor; lift the " +
    "restriction or leave it out",
  find: ({ handling, inner, body }) => {
    const restricted =
      handling !== "H0" ||
      (inner.tlp !== undefined && !publicTlp.has(inner.tlp)) ||
      inner.consentRequiredFor.includes("PUBLIC_RELEASE");
    return body.publicEdition === true && restricted ? ["/publicEdition"] : [];
  },
};

/** A bulletin travels open, so it cannot be meant for few (domain.md §2.12: TLP at most GREEN). */
export const bulletinIsForMany: Rule<MessageContext<object>> = {
  code: "RULE_BULLETIN_TLP_TOO_HIGH",
  says: "tlp in the inner header is above GREEN, but a bulletin travels open; lower it or send a sealed type",
  find: ({ inner: { tlp } }) => (tlp !== undefined && !openTlp.has(tlp) ? [""] : []),
};
