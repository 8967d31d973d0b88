import type { DataOnwardLog, DataPurgeAck, PurgedCopy } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { eventsBefore } from "./moments.ts";

const finished = new Set(["DELETED", "CORRECTED", "BLOCKED"]);

function findInCopies(
  { body: { purged } }: BodyContext<DataPurgeAck>,
  wrongOf: (copy: PurgedCopy) => readonly string[],
): readonly string[] {
  return purged.flatMap((copy, at) => wrongOf(copy).map((field) => `/purged/${at}/${field}`));
}

/** What was done was done at a moment. */
const doneIsDated: Rule<BodyContext<DataPurgeAck>> = {
  code: "RULE_PURGE_UNDATED",
  says: "the copy was deleted, corrected or blocked and doneAt is missing; say when",
  find: (context) =>
    findInCopies(context, ({ done, doneAt }) =>
      finished.has(done) && doneAt === undefined ? ["doneAt"] : [],
    ),
};

/** A holder is done only when those he passed it on to are: else the copy lives on with them. */
const cascadeIsOver: Rule<BodyContext<DataPurgeAck>> = {
  code: "RULE_PURGE_ONWARD_PENDING",
  says: "onwardPending is not empty, so this is not done yet; answer UNDER_WAY until they have confirmed",
  find: (context) =>
    findInCopies(context, ({ done, onwardPending }) =>
      finished.has(done) && onwardPending.length > 0 ? ["onwardPending"] : [],
    ),
};

/** A hold rests on an order of somebody, and is looked at again. */
const holdIsComplete: Rule<BodyContext<DataPurgeAck>> = {
  code: "RULE_HOLD_INCOMPLETE",
  says: "a legal hold names holdRef, holdCountry and holdReviewAt; add them",
  find: (context) =>
    findInCopies(context, ({ done, holdRef, holdCountry, holdReviewAt }) =>
      done === "LEGAL_HOLD"
        ? [
            ...(holdRef === undefined ? ["holdRef"] : []),
            ...(holdCountry === undefined ? ["holdCountry"] : []),
            ...(holdReviewAt === undefined ? ["holdReviewAt"] : []),
          ]
        : [],
    ),
};

/** Who does not delete says why. */
const refusalHasGround: Rule<BodyContext<DataPurgeAck>> = {
  code: "RULE_PURGE_REFUSED_WITHOUT_GROUND",
  says: "the deletion is refused and purgeRefusal is missing; name the ground",
  find: (context) =>
    findInCopies(context, ({ done, purgeRefusal }) =>
      done === "REFUSED" && purgeRefusal === undefined ? ["purgeRefusal"] : [],
    ),
};

/** What is deleted lives on in backups until a known day. */
const backupsEnd: Rule<BodyContext<DataPurgeAck>> = {
  code: "RULE_BACKUPS_WITHOUT_END",
  says: "copies were deleted, backupsIncluded is not true and backupsGoneBy is missing; say when they end",
  find: ({ body: { purged, backupsIncluded, backupsGoneBy } }) =>
    purged.some(({ done }) => done === "DELETED") &&
    backupsIncluded !== true &&
    backupsGoneBy === undefined
      ? ["/backupsGoneBy"]
      : [],
};

/** An entry names one receiver: an agency of the network, or a body outside it. */
const receiverIsOne: Rule<BodyContext<DataOnwardLog>> = {
  code: "RULE_ONWARD_RECIPIENT_NOT_ONE",
  says: "an entry has exactly one of givenTo and givenOutside; complete it or split it",
  find: ({ body: { entries } }) =>
    entries.flatMap(({ givenTo, givenOutside }, at) =>
      (givenTo === undefined) === (givenOutside === undefined) ? [`/entries/${at}`] : [],
    ),
};

/** Nothing is passed on without a right: the owner's consent, his leave for all, or a law that leaves no choice. */
const rightIsNamed: Rule<BodyContext<DataOnwardLog>> = {
  code: "RULE_ONWARD_WITHOUT_RIGHT",
  says: "consentId and legalDuty are missing and notAsked is not true; name the consent, or the law that made it a duty",
  find: ({ body: { entries } }) =>
    entries.flatMap(({ consentId, legalDuty, notAsked }, at) =>
      consentId === undefined && legalDuty === undefined && notAsked !== true
        ? [`/entries/${at}/consentId`]
        : [],
    ),
};

/** Rules over the bodies by which a holder answers for his copies. */
export const holderBodyRules = {
  "data.purge_ack": [doneIsDated, cascadeIsOver, holdIsComplete, refusalHasGround, backupsEnd],
  "data.onward_log": [receiverIsOne, rightIsNamed],
} satisfies BodyRules;

/** Rules over the whole of a holder's answers. */
export const holderMessageRules = {
  "data.purge_ack": [
    eventsBefore(({ purged }) =>
      Object.fromEntries(purged.map(({ doneAt }, at) => [`/purged/${at}/doneAt`, doneAt])),
    ),
  ],
  "data.onward_log": [
    eventsBefore(({ entries }) =>
      Object.fromEntries(entries.map(({ givenAt }, at) => [`/entries/${at}/givenAt`, givenAt])),
    ),
  ],
} satisfies MessageRules;
