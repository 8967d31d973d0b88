import type { FiuMatchFilter } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

/** A filter is a picture of a moment: after this it matches people who have nothing to do with the case. */
const maxFilterMs = 90 * 86_400_000;

/** A filter ends, and soon. */
export const filterIsShortLived: Rule<MessageContext<FiuMatchFilter>> = {
  code: "RULE_FILTER_TOO_LONG",
  says: "validUntil is more than 90 days after the filter was made, or not after it; give a nearer day",
  find: ({ body, createdAt }) =>
    body.validUntil <= createdAt || body.validUntil > createdAt + maxFilterMs
      ? ["/validUntil"]
      : [],
};

/** Who holds a filter can test any name he likes, so nobody gets it by the way. */
export const testersAreRecipients: Rule<MessageContext<FiuMatchFilter>> = {
  code: "RULE_FILTER_TESTERS",
  says: "allowedTesters and the recipients of the message are not the same agencies; make them the same",
  find: ({ body, inner }) => {
    const testers = new Set(body.allowedTesters);
    const recipients = new Set(inner.recipients);
    // before it is addressed there is nobody to compare with
    if (recipients.size === 0) return [];
    const same =
      testers.size === recipients.size && [...testers].every((one) => recipients.has(one));
    return same ? [] : ["/allowedTesters"];
  },
};

/** A tester reads filterBits bits of the payload; with fewer there is nothing to read, with more something hides. */
export const filterHasItsBits: Rule<BodyContext<FiuMatchFilter>> = {
  code: "RULE_FILTER_SHAPE",
  says: "payload does not have the bytes that filterBits needs; correct filterBits or send the whole filter",
  find: ({ body }) => (body.payload.length === Math.ceil(body.filterBits / 8) ? [] : ["/payload"]),
};
