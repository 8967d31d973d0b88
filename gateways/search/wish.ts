import { Fault } from "../../schemas/ground/index.ts";
import { foldWords } from "./fold.ts";
import { soundOf } from "./sound.ts";

/** A text to look for may have so many characters, and so many words and phrases. */
export const maxWishChars = 200;
const maxTerms = 12;

const says = `q is 1 to ${maxWishChars} characters and ${maxTerms} words: words, "several in order", or the beginning of one with * at its end`;

/** Of an index's own language only what stands here is ever written; words are letters and digits. */
function quote(words: readonly string[]): string {
  return `"${words.join(" ")}"`;
}

function renderTerm(words: readonly string[], isStart: boolean): string {
  const written = `{text names} : ${quote(words)}${isStart ? " *" : ""}`;
  const [only = ""] = words;
  const sound = words.length === 1 && !isStart ? soundOf(only) : undefined;
  return sound === undefined ? `(${written})` : `(${written} OR sounds : ${quote([sound])})`;
}

/**
 * What people type into a search field, as the index asks it: every word has to be there, in any order; words in quotation
 * marks in that order; a word with `*` at its end is the beginning of one. A word alone also finds names that sound alike.
 * Nothing else has a meaning.
 *
 * @throws {Fault} REQUEST_INVALID when it is too long, or holds no letter and no digit
 */
export function parseWish(q: string): string {
  if (q.length > maxWishChars) throw new Fault("REQUEST_INVALID", says);
  const terms = [...q.matchAll(/["“”«»]([^"“”«»]*)["“”«»]|([^\s"“”«»]+)/g)].flatMap(
    ([, phrase, word = ""]) => {
      const words = foldWords(phrase ?? word);
      return words.length === 0
        ? []
        : [renderTerm(words, phrase === undefined && word.endsWith("*"))];
    },
  );
  if (terms.length === 0 || terms.length > maxTerms) throw new Fault("REQUEST_INVALID", says);
  return terms.join(" AND ");
}
