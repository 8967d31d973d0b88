import type { MessageContext, Rule } from "../rule.ts";

// five years hold at most two leap days
const fiveYears = (5 * 365 + 2) * 24 * 60 * 60 * 1000;

/** A notice says when its sender looks at it again: data about people is never kept for good (T6). */
export const reviewIsSet: Rule<MessageContext<object>> = {
  code: "RULE_NOTICE_REVIEW_MISSING",
  says: "reviewBy is missing in the inner header; say when the notice will be reviewed, within five years",
  find: ({ inner }) => (inner.reviewBy === undefined ? [""] : []),
};

/** The review lies ahead, and not more than five years. */
export const reviewIsWithinFiveYears: Rule<MessageContext<object>> = {
  code: "RULE_NOTICE_REVIEW_TOO_LATE",
  says: "reviewBy in the inner header is not within the five years after the notice is made; correct it",
  find: ({ inner: { reviewBy }, createdAt }) =>
    reviewBy !== undefined && (reviewBy <= createdAt || reviewBy > createdAt + fiveYears)
      ? [""]
      : [],
};
