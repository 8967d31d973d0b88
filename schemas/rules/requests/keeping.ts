import type { DataRetentionExtend, DataReviewDue } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { eventsBefore } from "./moments.ts";

/** INTERPOL's rules let nothing be kept longer without another look; leap years are given to the keeper. */
const longestMs = 5 * 366 * 86_400_000;

/** What is deleted on a day is looked at before it. */
const reviewComesFirst: Rule<BodyContext<DataReviewDue>> = {
  code: "RULE_REVIEW_AFTER_DELETION",
  says: "reviewAt is after deletionAt; review before the data are gone",
  find: ({ body: { reviewAt, deletionAt } }) => (reviewAt > deletionAt ? ["/reviewAt"] : []),
};

/** Longer is longer. */
const keepingIsLonger: Rule<BodyContext<DataRetentionExtend>> = {
  code: "RULE_RETENTION_NOT_LONGER",
  says: "newDeletionAt is not after deletionAt; choose a later day, or send data.purge to delete sooner",
  find: ({ body: { deletionAt, newDeletionAt } }) =>
    newDeletionAt <= deletionAt ? ["/newDeletionAt"] : [],
};

/** Nothing is kept for longer than five years without another look. */
const keepingHasBound: Rule<MessageContext<DataRetentionExtend>> = {
  code: "RULE_RETENTION_TOO_LONG",
  says: "newDeletionAt is more than five years ahead; choose an earlier day and look again then",
  find: ({ createdAt, body: { newDeletionAt } }) =>
    newDeletionAt > createdAt + longestMs ? ["/newDeletionAt"] : [],
};

/** Rules over the bodies about how long something is kept. */
export const keepingBodyRules = {
  "data.review_due": [reviewComesFirst],
  "data.retention_extend": [keepingIsLonger],
} satisfies BodyRules;

/** Rules over the whole of messages about how long something is kept. */
export const keepingMessageRules = {
  "data.review_due": [eventsBefore(({ lastReview }) => ({ "/lastReview": lastReview }))],
  "data.retention_extend": [
    keepingHasBound,
    eventsBefore(({ approvedAt }) => ({ "/approvedAt": approvedAt })),
  ],
} satisfies MessageRules;
