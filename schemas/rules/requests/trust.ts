import type { KeyMessage, KeyShare, ProtectionRequest, ReleasePolicy } from "../../gen/index.ts";
import { bytesKey } from "../../ground/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { refusalHasGround, stepNamesTarget } from "../justice/steps.ts";
import { authorityOf } from "./authority.ts";
import { deadlinesAhead } from "./moments.ts";

/** Release is denied by default: a line that allows names who may read, or it allows everybody. */
const allowNamesReaders: Rule<BodyContext<ReleasePolicy>> = {
  code: "RULE_RELEASE_ALLOWS_ALL",
  says: "a line allows and names no authorities, kinds or agencies, so it allows everybody; name who may read",
  find: ({ body: { lines } }) =>
    lines.flatMap(({ effect, authorities, kinds, agencies }, at) =>
      effect === "ALLOW" && authorities.length + kinds.length + agencies.length === 0
        ? [`/lines/${at}`]
        : [],
    ),
};

/** A line that ends before it begins would be read as one that never held. */
const linesAreInOrder: Rule<BodyContext<ReleasePolicy>> = {
  code: "RULE_RELEASE_LINE_REVERSED",
  says: "until of the line is not after its from; correct them",
  find: ({ body: { lines } }) =>
    lines.flatMap(({ from, until }, at) =>
      until !== undefined && until <= from ? [`/lines/${at}/until`] : [],
    ),
};

/** A state speaks of what its own agencies send, and nobody else speaks for it. */
const policyIsOwn: Rule<MessageContext<ReleasePolicy>> = {
  code: "RULE_RELEASE_NOT_OWN",
  says: "policyOf and the originators of every line are of the state whose agency sends this; correct them",
  find: ({ originator, body: { policyOf, lines } }) => [
    ...(authorityOf(originator) === policyOf ? [] : ["/policyOf"]),
    ...lines.flatMap(({ originators }, at) =>
      originators.every((agency) => authorityOf(agency) === policyOf)
        ? []
        : [`/lines/${at}/originators`],
    ),
  ],
};

const dayMs = 86_400_000;
const longestMs: ReadonlyMap<string, number> = new Map([
  ["AUDIENCE", dayMs],
  ["QUERY", 90 * dayMs],
  ["MATCH_FILTER", 90 * dayMs],
]);

/** A key lives shortly: one for an audience a day, one for queries or filters ninety. */
const keyLivesShortly: Rule<BodyContext<KeyShare>> = {
  code: "RULE_KEY_LIFE",
  says: "usableUntil is after usableFrom by at most one day for AUDIENCE and ninety for the others; correct it",
  find: ({ body: { keyUse, usableFrom, usableUntil } }) => {
    const life = usableUntil - usableFrom;
    return life > 0 && life <= (longestMs.get(keyUse) ?? dayMs) ? [] : ["/usableUntil"];
  },
};

/**
 * A key for queries or filters rests on an agreement. An audience key has no bounds of its own, so that one which says
 * some is not thought to be held to them.
 */
const keyHasBounds: Rule<BodyContext<KeyShare>> = {
  code: "RULE_KEY_BOUNDS",
  says:
    "a key for queries or filters names agreementRef, and a key for an audience names no agreementRef, recs, crimes, " +
    "messageTypes or handlingUpTo; correct it",
  find: ({ body }) => {
    if (body.keyUse !== "AUDIENCE") return body.agreementRef === undefined ? ["/agreementRef"] : [];
    return [
      ...(body.agreementRef === undefined ? [] : ["/agreementRef"]),
      ...(["recs", "crimes", "messageTypes"] as const).flatMap((name) =>
        body[name].length === 0 ? [] : [`/${name}`],
      ),
      ...(body.handlingUpTo === undefined ? [] : ["/handlingUpTo"]),
    ];
  },
};

/** Each member gets the key alone, so that none sees the list of the others. */
const keyGoesToOne: Rule<MessageContext<unknown>> = {
  code: "RULE_KEY_TO_SEVERAL",
  says: "recipients of the inner header names several agencies; send the key to each alone",
  find: ({ inner }) => (inner.recipients.length > 1 ? [""] : []),
};

/** A message has one key: two for it would be a riddle. */
const keysAreOfDifferentMessages: Rule<BodyContext<KeyMessage>> = {
  code: "RULE_KEY_TWICE",
  says: "messageKeys names a message twice; give one key for each",
  find: ({ body: { messageKeys } }) => {
    const names = messageKeys.map(({ messageId }) => bytesKey(messageId));
    return names.flatMap((name, at) =>
      names.indexOf(name) === at ? [] : [`/messageKeys/${at}/messageId`],
    );
  },
};

/** Nobody is protected for a while that ends before it begins. */
const protectionIsInOrder: Rule<BodyContext<ProtectionRequest>> = {
  code: "RULE_PERIOD_REVERSED",
  says: "neededUntil is not after neededFrom; exchange or correct them",
  find: ({ body: { neededFrom, neededUntil } }) =>
    neededUntil <= neededFrom ? ["/neededUntil"] : [],
};

/** Protection is offered, not imposed; only when life is at stake this hour may the asking come first. */
const personConsents: Rule<BodyContext<ProtectionRequest>> = {
  code: "RULE_PROTECTION_WITHOUT_CONSENT",
  says: "consentGiven is false and danger is not IMMEDIATE; ask the person first",
  find: ({ body: { consentGiven, danger } }) =>
    !consentGiven && danger !== "IMMEDIATE" ? ["/consentGiven"] : [],
};

/** A person threatened by a state's agents is kept from that state, and the header makes every gateway do it. */
const shieldIsUp: Rule<MessageContext<ProtectionRequest>> = {
  code: "RULE_PROTECTION_NOT_SHIELDED",
  says:
    "keptFrom names the states whose agents threaten, and each of its states stands in protectedFrom of the " +
    "inner header; add them",
  find: ({ inner, body: { threatenedBy, keptFrom } }) => {
    const isUnnamed = threatenedBy.includes("STATE_AGENTS") && keptFrom.length === 0;
    const isOpen = keptFrom.some((country) => !inner.protectedFrom.includes(country));
    return isUnnamed || isOpen ? ["/keptFrom"] : [];
  },
};

/** Who is protected where is known to those who must, and passed to nobody without consent. */
const handledClosely: Rule<MessageContext<ProtectionRequest>> = {
  code: "RULE_PROTECTION_HANDLING",
  says: "a request for protection travels with handling H2 or H3; choose one of them",
  find: ({ handling }) => (handling === "H2" || handling === "H3" ? [] : [""]),
};

/** Rules over the bodies of release policies, keys and protection. */
export const trustBodyRules = {
  "release.policy": [allowNamesReaders, linesAreInOrder],
  "key.share": [keyLivesShortly, keyHasBounds],
  "key.message": [keysAreOfDifferentMessages],
  "protection.request": [protectionIsInOrder, personConsents, stepNamesTarget, refusalHasGround],
} satisfies BodyRules;

/** Rules over the whole of release policies, keys and protection. */
export const trustMessageRules = {
  "release.policy": [policyIsOwn],
  "key.share": [
    keyGoesToOne,
    deadlinesAhead(({ usableUntil }) => ({ "/usableUntil": usableUntil })),
  ],
  "key.message": [keyGoesToOne],
  "key.request": [keyGoesToOne],
  "protection.request": [
    shieldIsUp,
    handledClosely,
    deadlinesAhead(({ decideBy, neededUntil }) => ({
      "/decideBy": decideBy,
      "/neededUntil": neededUntil,
    })),
  ],
} satisfies MessageRules;
