import type { HitConfirmation, HitNotice } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

/** Somebody waits at a counter or in a cell: the owner is told until when (T11). */
export const hitAsksByWhen: Rule<BodyContext<HitNotice>> = {
  code: "RULE_HIT_WITHOUT_CONFIRM_BY",
  says: "confirmBy is missing; say until when the owner of the record must confirm",
  find: ({ body }) => (body.confirmBy === undefined ? ["/confirmBy"] : []),
};

/** The time to confirm by lies ahead. */
export const confirmLiesAhead: Rule<MessageContext<HitNotice>> = {
  code: "RULE_HIT_CONFIRM_BY_PAST",
  says: "confirmBy is not after the moment the hit was sent; give a later time",
  find: ({ body: { confirmBy }, createdAt }) =>
    confirmBy !== undefined && confirmBy <= createdAt ? ["/confirmBy"] : [],
};

/** Nobody is held without an end, and the owner must know it to answer in time. */
export const heldHasLimit: Rule<BodyContext<HitNotice>> = {
  code: "RULE_HIT_HELD_WITHOUT_LIMIT",
  says: "actionTaken is DETAINED; say in heldUntil until when the law allows it",
  find: ({ body }) =>
    body.actionTaken === "DETAINED" && body.heldUntil === undefined ? ["/heldUntil"] : [],
};

/** Likeness is a measure: a number says how like. */
export const likenessIsMeasured: Rule<BodyContext<HitNotice>> = {
  code: "RULE_HIT_FUZZY_WITHOUT_SCORE",
  says: "matchBasis has only FUZZY; give scorePercent, or compare by another basis first",
  find: ({ body: { matchBasis, scorePercent } }) =>
    matchBasis.every((basis) => basis === "FUZZY") && scorePercent === undefined
      ? ["/scorePercent"]
      : [],
};

/** Who confirms says what to do now; the finder has nothing else to act on. */
export const confirmedSaysWhatToDo: Rule<BodyContext<HitConfirmation>> = {
  code: "RULE_HIT_CONFIRMED_WITHOUT_ACTION",
  says: "decision is CONFIRMED; say in actions or in instructions what the finder shall do now",
  find: ({ body: { decision, actions, instructions } }) =>
    decision === "CONFIRMED" && actions.length === 0 && instructions === undefined
      ? ["/actions"]
      : [],
};
