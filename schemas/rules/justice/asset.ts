import type {
  AssetContact,
  AssetFreezeRequest,
  AssetManagementUpdate,
  AssetSubject,
  AssetTraceReply,
  AssetTraceRequest,
} from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

function isOne({ person, organisation, account }: AssetSubject): boolean {
  return [person, organisation, account].filter((given) => given !== undefined).length === 1;
}

/** A subject is exactly one of three: with two, nobody knows whose assets the answer lists. */
const assetSubjectIsOne: Rule<BodyContext<{ readonly subjects: readonly AssetSubject[] }>> = {
  code: "RULE_SUBJECT_NOT_ONE",
  says: "a subject has exactly one of person, organisation and account; split it or complete it",
  find: ({ body }) =>
    body.subjects.flatMap((subject, at) => (isOne(subject) ? [] : [`/subjects/${at}`])),
};

/** One contact for each of the three trades of an asset-recovery network. */
const tradeStandsOnce: Rule<BodyContext<{ readonly contacts: readonly AssetContact[] }>> = {
  code: "RULE_ASSET_CONTACT_TWICE",
  says: "the trade has a contact already; leave the second out or correct its trade",
  find: ({ body }) => {
    const trades = body.contacts.map(({ trade }) => trade);
    return trades.flatMap((trade, at) =>
      trades.indexOf(trade) === at ? [] : [`/contacts/${at}/trade`],
    );
  },
};

const found = new Set(["HIT", "PARTIAL"]);

/** A hit for a kind of asset lists at least one of that kind. */
const hitHasAsset: Rule<BodyContext<AssetTraceReply>> = {
  code: "RULE_ASSET_HIT_EMPTY",
  says: "the answer is a hit, but assets has none of that kind; list it or correct the outcome",
  find: ({ body: { answers, assets } }) =>
    answers.flatMap(({ kind, outcome }, at) =>
      found.has(outcome) && !assets.some((asset) => asset.kind === kind)
        ? [`/answers/${at}/outcome`]
        : [],
    ),
};

type FreezeRule = Rule<BodyContext<AssetFreezeRequest>>;

/** Property is held on an order. */
const freezeHasOrder: FreezeRule = {
  code: "RULE_FREEZE_ORDER_MISSING",
  says: "order is missing; name the order the freeze rests on",
  find: ({ body }) => (body.order === undefined ? ["/order"] : []),
};

/** A hold ends: on a day or after a number of days. */
const freezeHasEnd: FreezeRule = {
  code: "RULE_FREEZE_HOLD_MISSING",
  says: "the longest hold is missing; give maxHoldDays or holdUntil",
  find: ({ body }) =>
    body.maxHoldDays === undefined && body.holdUntil === undefined ? ["/maxHoldDays"] : [],
};

/** A freeze by short way is followed by the formal request, which is here or has its date. */
const freezeLeadsToMla: FreezeRule = {
  code: "RULE_FREEZE_MLA_MISSING",
  says: "the formal request is missing; give mlaId, or mlaBy when it follows",
  find: ({ body }) => (body.mlaId === undefined && body.mlaBy === undefined ? ["/mlaId"] : []),
};

/** A hold lies ahead. */
export const freezeLiesAhead: Rule<MessageContext<AssetFreezeRequest>> = {
  code: "RULE_FREEZE_HOLD_PAST",
  says: "holdUntil is not after the moment the request was made; give a later time",
  find: ({ body: { holdUntil }, createdAt }) =>
    holdUntil !== undefined && holdUntil <= createdAt ? ["/holdUntil"] : [],
};

const decided = new Set(["RELEASED", "CONFISCATED", "SOLD", "RETURNED", "EXTENDED", "DESTROYED"]);

/** What changes someone's property for good rests on a decision. */
const decisionIsNamed: Rule<BodyContext<AssetManagementUpdate>> = {
  code: "RULE_ASSET_ORDER_MISSING",
  says: "order is missing; name the decision that this event rests on",
  find: ({ body }) => (decided.has(body.event) && body.order === undefined ? ["/order"] : []),
};

/** Every rule over the body of a freeze request. */
export const freezeRules: readonly FreezeRule[] = [freezeHasOrder, freezeHasEnd, freezeLeadsToMla];

/** Every rule over a trace request. */
export const assetRequestRules: readonly Rule<BodyContext<AssetTraceRequest>>[] = [
  assetSubjectIsOne,
  tradeStandsOnce,
];

/** Every rule over a trace reply. */
export const assetReplyRules: readonly Rule<BodyContext<AssetTraceReply>>[] = [
  hitHasAsset,
  tradeStandsOnce,
];

/** Every rule over held assets. */
export const managementRules: readonly Rule<BodyContext<AssetManagementUpdate>>[] = [
  decisionIsNamed,
];
