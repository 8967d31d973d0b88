import type { WarningResponse, WarningTrend } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

/** The clock of a warning runs inside the warning's own life. */
export const trendHasClock: Rule<MessageContext<WarningTrend>> = {
  code: "RULE_TREND_CLOCK",
  says: "replyBy is after the warning was made and not after it expires; correct it",
  find: ({ body: { replyBy }, createdAt, expiresAt }) =>
    replyBy > createdAt && replyBy <= expiresAt ? [] : ["/replyBy"],
};

/** Not acting is an answer; not saying why is none. */
export const inactionHasReason: Rule<BodyContext<WarningResponse>> = {
  code: "RULE_RESPONSE_REASON",
  says: "NO_ACTION names its inactionReasons, and MORE_NEEDED says in explanation what is needed",
  find: ({ body: { response, inactionReasons, explanation } }) => [
    ...(response === "NO_ACTION" && inactionReasons.length === 0 ? ["/inactionReasons"] : []),
    ...(response === "MORE_NEEDED" && explanation === undefined ? ["/explanation"] : []),
  ],
};

/** Acting is doing something that has a name. */
export const actionIsNamed: Rule<BodyContext<WarningResponse>> = {
  code: "RULE_RESPONSE_ACTION",
  says: "a response that acts or will act names its actions; add them or answer NO_ACTION",
  find: ({ body: { response, actions } }) => {
    const acts = response === "ACTING" || response === "WILL_ACT";
    return acts && actions.every((action) => action === "NONE") ? ["/actions"] : [];
  },
};

/** A promise has a date. */
export const promiseHasDate: Rule<BodyContext<WarningResponse>> = {
  code: "RULE_RESPONSE_ACT_BY",
  says: "WILL_ACT says until when in actBy; add the date",
  find: ({ body: { response, actBy } }) =>
    response === "WILL_ACT" && actBy === undefined ? ["/actBy"] : [],
};
