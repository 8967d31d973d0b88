/**
 * Rules of requests and what answers, governs and binds them: replies, feedback, queries, data governance, consent,
 * agreements, keys and protection.
 *
 * Promises: each rule looks at one message alone. Whether a message fits the one before it in its thread (one final
 * reply a request, only the asker closes, an owner purges his own) is for the workflows, which know both.
 * Start at `asking.ts` and `replies.ts`; `moments.ts`, `named-parts.ts` and `recipients.ts` hold what several need.
 */
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import { agreementBodyRules, agreementMessageRules } from "./agreement.ts";
import { askingBodyRules, askingMessageRules } from "./asking.ts";
import { closingBodyRules, closingMessageRules } from "./closing.ts";
import { consentBodyRules, consentMessageRules } from "./consent.ts";
import { coreDataBodyRules, coreDataMessageRules } from "./core-data.ts";
import { holderBodyRules, holderMessageRules } from "./holder.ts";
import { keepingBodyRules, keepingMessageRules } from "./keeping.ts";
import { ownerBodyRules, ownerMessageRules } from "./owner.ts";
import { passingBodyRules, passingMessageRules } from "./passing.ts";
import { queryBodyRules, queryMessageRules } from "./query.ts";
import { replyBodyRules, replyMessageRules } from "./replies.ts";
import { subjectBodyRules, subjectMessageRules } from "./subject.ts";
import { threadBodyRules, threadMessageRules } from "./thread.ts";
import { trustBodyRules, trustMessageRules } from "./trust.ts";

/** The rules over the bodies of this group. */
export const requestsBodyRules = {
  ...askingBodyRules,
  ...threadBodyRules,
  ...passingBodyRules,
  ...replyBodyRules,
  ...closingBodyRules,
  ...queryBodyRules,
  ...coreDataBodyRules,
  ...ownerBodyRules,
  ...holderBodyRules,
  ...keepingBodyRules,
  ...subjectBodyRules,
  ...consentBodyRules,
  ...agreementBodyRules,
  ...trustBodyRules,
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const requestsMessageRules = {
  ...askingMessageRules,
  ...threadMessageRules,
  ...passingMessageRules,
  ...replyMessageRules,
  ...closingMessageRules,
  ...queryMessageRules,
  ...coreDataMessageRules,
  ...ownerMessageRules,
  ...holderMessageRules,
  ...keepingMessageRules,
  ...subjectMessageRules,
  ...consentMessageRules,
  ...agreementMessageRules,
  ...trustMessageRules,
} satisfies MessageRules;
