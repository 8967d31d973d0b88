import type { RequestInformation } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";
import { otherExplained, purposeIsNamed, refsAreThere } from "./named-parts.ts";
import { recipientsAreNamed } from "./recipients.ts";

/** Items that can be asked of a method, a route or a product, with no person or thing named. */
const withoutSubject = new Set(["INTELLIGENCE", "PRODUCT_ORIGIN", "OTHER"]);

/** Nobody can look up the record of nobody. */
const subjectIsThere: Rule<BodyContext<RequestInformation>> = {
  code: "RULE_REQUEST_WITHOUT_SUBJECT",
  says: "this item is asked of a person, organisation or object, and none is given; add whom or what it is about",
  find: ({ body: { persons, organisations, objects, askedItems } }) => {
    const hasSubject = persons.length > 0 || organisations.length > 0 || objects !== undefined;
    return hasSubject
      ? []
      : askedItems.flatMap(({ item }, at) =>
          withoutSubject.has(item) ? [] : [`/askedItems/${at}/item`],
        );
  },
};

/**
 * Whether those asked see each other is the asker's choice, and the default is no: then each gets a message of
 * his own, and only `groupId` ties the threads together.
 */
const othersStayHidden: Rule<MessageContext<RequestInformation>> = {
  code: "RULE_REQUEST_SHOWS_OTHERS",
  says:
    "several are asked in one message or alsoAsked names them, and othersShown is not true; " +
    "send one message to each with the same groupId, or set othersShown",
  find: ({ inner, body }) => {
    const shows = inner.recipients.length > 1 || body.alsoAsked.length > 0;
    return shows && body.othersShown !== true ? ["/othersShown"] : [];
  },
};

/** Several threads of one question carry one number, so that both sides can join them again. */
const groupIsNumbered: Rule<MessageContext<RequestInformation>> = {
  code: "RULE_REQUEST_GROUP_MISSING",
  says: "several are asked and groupId is missing; give all threads of the request one groupId",
  find: ({ inner, body }) => {
    const isMultiple = inner.recipients.length > 1 || body.alsoAsked.length > 0;
    return isMultiple && body.groupId === undefined ? ["/groupId"] : [];
  },
};

/** An answer must find its file again, and an overseer the case it was asked for. */
const caseIsNamed: Rule<MessageContext<object>> = {
  code: "RULE_REQUEST_WITHOUT_CASE",
  says: "caseRef of the inner header is missing; name the national case the request is for",
  find: ({ inner }) => (inner.caseRef === undefined ? [""] : []),
};

/** Rules over the body of a request for information. */
export const askingBodyRules = {
  "request.information": [
    subjectIsThere,
    refsAreThere(({ askedItems }) =>
      Object.fromEntries(askedItems.map(({ refs }, at) => [`/askedItems/${at}/refs`, refs])),
    ),
    otherExplained(({ askedItems }) =>
      askedItems.map(({ item, detail }, at) => [`/askedItems/${at}/detail`, [item], detail]),
    ),
    recipientsAreNamed(({ intendedRecipients }) => ({ "/intendedRecipients": intendedRecipients })),
  ],
} satisfies BodyRules;

/** Rules over the whole of a request for information. */
export const askingMessageRules = {
  "request.information": [
    caseIsNamed,
    purposeIsNamed,
    deadlinesAhead(({ replyBy }) => ({ "/replyBy": replyBy })),
    othersStayHidden,
    groupIsNumbered,
  ],
} satisfies MessageRules;
