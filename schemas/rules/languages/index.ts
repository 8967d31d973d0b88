import type { BodyRules, MessageRules } from "../rule-tables.ts";
import {
  answerWasVerified,
  channelsReach,
  hoursAreUsable,
  pingLeavesTime,
  stateSpeaksForItself,
  textsOncePerLanguage,
  verifiedBeforeSent,
} from "./directory.ts";
import { oneWordPerLanguage, wordIsNotAvoided } from "./glossary.ts";
import {
  checkedNamesReviewer,
  courtAsksPerson,
  deadlineIsAhead,
  fieldsAskedOnce,
  machineNamesEngine,
  personNamesNoEngine,
  productChangesLanguage,
  productPointer,
  rawIsNoCourtText,
  requestChangesLanguage,
  requestPointers,
  swornNamesTranslator,
} from "./translation.ts";

export { isStaleEntry } from "./directory.ts";

/** The rules over the bodies of translations, the directory and the glossary. */
export const languagesBodyRules = {
  "directory.authority": [textsOncePerLanguage, hoursAreUsable, channelsReach],
  "translation.request": [
    requestPointers,
    fieldsAskedOnce,
    requestChangesLanguage,
    courtAsksPerson,
  ],
  "translation.product": [
    productPointer,
    productChangesLanguage,
    machineNamesEngine,
    personNamesNoEngine,
    swornNamesTranslator,
    checkedNamesReviewer,
  ],
  "glossary.term": [oneWordPerLanguage, wordIsNotAvoided],
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const languagesMessageRules = {
  "directory.authority": [stateSpeaksForItself, verifiedBeforeSent],
  "directory.ping": [pingLeavesTime],
  "directory.ping_answer": [answerWasVerified],
  "translation.request": [deadlineIsAhead],
  "translation.product": [rawIsNoCourtText],
} satisfies MessageRules;
