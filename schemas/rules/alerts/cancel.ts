import type { AlertCancel } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type Cancel = Rule<BodyContext<AlertCancel>>;

// copies held after these have no ground left to stand on
const unlawfulToKeep = new Set([
  "ERROR",
  "LEGAL_ORDER",
  "DATA_SUBJECT_RIGHT",
  "CHALLENGE_UPHELD",
  "PROTECTION_GRANTED",
]);

/** Who withdraws says what becomes of the copies: national copies outlive withdrawn notices otherwise. */
export const cancelDecidesPurge: Cancel = {
  code: "RULE_CANCEL_WITHOUT_PURGE_DECISION",
  says: "recipientsMustPurge is missing; say true or false",
  find: ({ body }) => (body.recipientsMustPurge === undefined ? ["/recipientsMustPurge"] : []),
};

/** A duty to delete has a day, or nobody can be late (T7). */
export const purgeHasDate: Cancel = {
  code: "RULE_CANCEL_PURGE_WITHOUT_DATE",
  says: "purgeBy is missing; say until when the recipients must have deleted their copies",
  find: ({ body }) =>
    body.recipientsMustPurge === true && body.purgeBy === undefined ? ["/purgeBy"] : [],
};

/** The day to delete by lies ahead. */
export const purgeLiesAhead: Rule<MessageContext<AlertCancel>> = {
  code: "RULE_CANCEL_PURGE_PAST",
  says: "purgeBy is not after the moment the withdrawal was made; give a later time",
  find: ({ body: { purgeBy }, createdAt }) =>
    purgeBy !== undefined && purgeBy <= createdAt ? ["/purgeBy"] : [],
};

/** What was wrong, unlawful or contested with success is not kept by anyone. */
export const unlawfulIsPurged: Cancel = {
  code: "RULE_CANCEL_KEEPS_UNLAWFUL",
  says: "with this reason nobody may keep a copy; set recipientsMustPurge to true",
  find: ({ body }) =>
    body.recipientsMustPurge === false && unlawfulToKeep.has(body.reason)
      ? ["/recipientsMustPurge"]
      : [],
};

/** SUPERSEDED names what replaces it; an order names its number. */
export const cancelNamesItsGround: Cancel = {
  code: "RULE_CANCEL_GROUND_MISSING",
  says: "reason SUPERSEDED needs successorId, reason LEGAL_ORDER needs orderRef; add it",
  find: ({ body: { reason, successorId, orderRef } }) => [
    ...(reason === "SUPERSEDED" && successorId === undefined ? ["/successorId"] : []),
    ...(reason === "LEGAL_ORDER" && orderRef === undefined ? ["/orderRef"] : []),
  ],
};
