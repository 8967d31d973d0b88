/**
 * What is done with messages of others: the third-party rule at the gateway.
 *
 * Promises: nothing of another agency's message goes to anybody whom its owner did not give it to, unless his handling asks
 * for no consent or his signed consent names that receiver, purpose and offence; every use stands in the onward log with the
 * write that makes it; who passes on is bound as the owner bound him. What a person writes in his own words and does not
 * declare is not found. Start at `decide-uses.ts`, then `judge.ts`; the rules are in `schemas/work`.
 */
export type { FiledAsked, NotFiled } from "./filed.ts";
export { decideUses, type NewMessage } from "./decide-uses.ts";
export {
  type CopyAsked,
  makeOnwardDesk,
  type OnwardDesk,
  type Receiver,
  type ShownUse,
} from "./desk.ts";
export { checkHolderWord, type NewAnswer } from "./holder-word.ts";
export { type AllowedUse, judgeUse, type Wish, wishFor } from "./judge.ts";
export { type Carried, noteOwnerWords, noteUses } from "./note-uses.ts";
export { bindPassedOn, findLoosened } from "./passed-on.ts";
export { type OnwardPlace, recipientOf } from "./place.ts";
export {
  findWords,
  noteWords,
  takeWords,
  type WordsOfUse,
  type WordsTaken,
} from "./words-of-use.ts";
export { findOrigins, loadSource, loadSourceById, type Source, sourceOf } from "./source.ts";
