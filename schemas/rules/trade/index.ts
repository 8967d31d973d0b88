import type { BodyRules, MessageRules } from "../rule-tables.ts";
import { feedbackMessageRules, feedbackRules } from "./feedback.ts";
import { timeAgrees } from "./incident-time.ts";
import { legsInOrder } from "./legs.ts";
import { maritimeRules } from "./maritime.ts";
import { closingRules, openingMessageRules, openingRules } from "./operation.ts";
import { seizureRules } from "./seizure.ts";
import { warningMessageRules, warningRules } from "./warning.ts";

/** The rules over the bodies of this group. */
export const tradeBodyRules = {
  "target.warning": [...warningRules, legsInOrder],
  "control.feedback": feedbackRules,
  "seizure.report": [timeAgrees, ...seizureRules, legsInOrder],
  "operation.open": openingRules,
  "operation.close": closingRules,
  "maritime.incident": [timeAgrees, ...maritimeRules],
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const tradeMessageRules = {
  "target.warning": warningMessageRules,
  "control.feedback": feedbackMessageRules,
  "operation.open": openingMessageRules,
} satisfies MessageRules;
