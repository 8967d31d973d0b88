/**
 * What of a message can be found, and how what people type is asked.
 *
 * Promises: pure; a text and what is looked for in it are folded alike; whatever is typed becomes words in quotation marks,
 * never a word of the index's own language. Trusts nothing it is given. Start at `fold.ts`, then `words-of.ts`.
 */
export { foldWords } from "./fold.ts";
export { soundOf } from "./sound.ts";
export { maxWishChars, parseWish } from "./wish.ts";
export {
  anyPurpose,
  classOf,
  type CodeKind,
  codeOf,
  type SearchWords,
  wordsOf,
} from "./words-of.ts";
