import type { DataBlock, DataChange, DataCorrect, DataPurge } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";

/** A correction corrects something. */
const changeIsThere: Rule<BodyContext<DataCorrect>> = {
  code: "RULE_CORRECTION_WITHOUT_CHANGE",
  says: "changes is empty and correctedId is missing; name what changes, or the message that is right",
  find: ({ body: { changes, correctedId } }) =>
    changes.length === 0 && correctedId === undefined ? ["/changes"] : [],
};

function wrongOf({ pointer, change, newValue }: DataChange): readonly string[] {
  const needsValue = change !== "REMOVED";
  return [
    ...(pointer.startsWith("/") ? [] : ["pointer"]),
    ...(needsValue === (newValue !== undefined) ? [] : ["newValue"]),
  ];
}

/** A holder can carry out a change only if it says where and what. */
const changesAreComplete: Rule<BodyContext<DataCorrect>> = {
  code: "RULE_CHANGE_INCOMPLETE",
  says: "pointer begins with /, and newValue is there unless the change is REMOVED; correct it",
  find: ({ body: { changes } }) =>
    changes.flatMap((one, at) => wrongOf(one).map((field) => `/changes/${at}/${field}`)),
};

const ofIdentity = new Set(["IDENTITY_CONFUSION", "IDENTITY_MISUSED"]);

/** Who was taken for another is named, so that no holder guesses. */
const confusedIsNamed: Rule<BodyContext<DataCorrect>> = {
  code: "RULE_CONFUSION_WITHOUT_PERSON",
  says: "an identity was confused or misused and subjectRefs is empty; name whom of the target it touches",
  find: ({ body: { correctionReason, subjectRefs } }) =>
    ofIdentity.has(correctionReason) && subjectRefs.length === 0 ? ["/subjectRefs"] : [],
};

/** A purge of a part says which part; a purge of the whole names none. */
const scopeIsNamed: Rule<BodyContext<DataPurge>> = {
  code: "RULE_PURGE_SCOPE_UNNAMED",
  says: "only a part is deleted and it is not named; fill subjectRefs for persons, attachmentDigests for attachments",
  find: ({ body: { purgeScope, subjectRefs, attachmentDigests } }) => {
    if (purgeScope === "PERSON_IN_MESSAGE" && subjectRefs.length === 0) return ["/subjectRefs"];
    return purgeScope === "ATTACHMENT" && attachmentDigests.length === 0
      ? ["/attachmentDigests"]
      : [];
  },
};

const byOrder = new Set(["COURT_ORDER", "OVERSEER_DECISION", "CCF_DECISION"]);

/** An order is named by its number and its authority, a person's right by the query it was claimed in. */
const orderIsNamed: Rule<BodyContext<DataPurge>> = {
  code: "RULE_PURGE_ORDER_UNNAMED",
  says: "an order names orderRef and orderAuthority; a right of the person names subjectQueryId or orderRef; add them",
  find: ({ body: { purgeReason, orderRef, orderAuthority, subjectQueryId } }) => {
    if (purgeReason === "DATA_SUBJECT_RIGHT") {
      return subjectQueryId === undefined && orderRef === undefined ? ["/subjectQueryId"] : [];
    }
    return byOrder.has(purgeReason)
      ? [
          ...(orderRef === undefined ? ["/orderRef"] : []),
          ...(orderAuthority === undefined ? ["/orderAuthority"] : []),
        ]
      : [];
  },
};

const standing = new Set(["BLOCKED", "PROLONGED"]);

/** A block has a reason and an end: nobody stays contested for ever. */
const blockIsComplete: Rule<BodyContext<DataBlock>> = {
  code: "RULE_BLOCK_INCOMPLETE",
  says: "a block names blockReason and verifyBy; add them",
  find: ({ body: { blockAct, blockReason, verifyBy } }) =>
    standing.has(blockAct)
      ? [
          ...(blockReason === undefined ? ["/blockReason"] : []),
          ...(verifyBy === undefined ? ["/verifyBy"] : []),
        ]
      : [],
};

/** What is lifted or prolonged is a block that was set. */
const liftedIsNamed: Rule<BodyContext<DataBlock>> = {
  code: "RULE_LIFT_WITHOUT_BLOCK",
  says: "blockId is missing; name the block that is lifted or prolonged",
  find: ({ body: { blockAct, blockId } }) =>
    blockAct !== "BLOCKED" && blockId === undefined ? ["/blockId"] : [],
};

/** Rules over the bodies by which an owner governs the copies of his message. */
export const ownerBodyRules = {
  "data.correct": [changeIsThere, changesAreComplete, confusedIsNamed],
  "data.purge": [scopeIsNamed, orderIsNamed],
  "data.block": [blockIsComplete, liftedIsNamed],
} satisfies BodyRules;

/** Rules over the whole of what an owner orders. */
export const ownerMessageRules = {
  "data.correct": [deadlinesAhead(({ deadline }) => ({ "/deadline": deadline }))],
  "data.purge": [deadlinesAhead(({ deadline }) => ({ "/deadline": deadline }))],
  "data.block": [deadlinesAhead(({ verifyBy }) => ({ "/verifyBy": verifyBy }))],
} satisfies MessageRules;
