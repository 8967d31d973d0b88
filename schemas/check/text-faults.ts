import type { FaultCode } from "../ground/index.ts";

/** What is wrong with a value: the code, and words that follow the field's name. */
export interface Complaint {
  readonly code: FaultCode;
  readonly says: string;
}

// Cc is C0, DEL and C1
const control = /[\p{Cc}--[\n\t]]/v;
/** Printable ASCII, line feeds and tabs: nothing of it can deceive, and most texts are no more. */
const plain = /^[\n\t\x20-\x7e]*$/;
const bidi = /[\u202a-\u202e\u2066-\u2069]/;
const popEmbedding = "\u202c";
const popIsolate = "\u2069";

/** The control that ends what `opener` began; undefined when it is no opener. */
function closerOf(opener: string): string | undefined {
  if ("\u202a\u202b\u202d\u202e".includes(opener)) return popEmbedding;
  return "\u2066\u2067\u2068".includes(opener) ? popIsolate : undefined;
}

/** Whether every direction control of one line is closed in it, in the right order (UAX #9). */
function isBalanced(line: string): boolean {
  const open: string[] = [];
  for (const sign of line) {
    const closer = closerOf(sign);
    if (closer !== undefined) open.push(closer);
    else if (sign === popEmbedding || sign === popIsolate) {
      if (open.pop() !== sign) return false;
    }
  }
  return open.length === 0;
}

/** Whether `text` has more than `max` characters (code points). */
function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > 2 * max || countCharacters(text) > max;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function refuse(says: string): Complaint {
  return { code: "SCHEMA_FIELD_PATTERN", says };
}

/**
 * What is wrong with the characters of a text, if anything. Every script and every name passes; what is
 * refused can only deceive: half characters, a second spelling of the same letters, controls, and
 * direction marks that reach beyond the text.
 */
export function findCharacterFault(text: string): Complaint | undefined {
  if (plain.test(text)) return undefined;
  if (!text.isWellFormed()) return refuse("holds half a character; send whole Unicode characters");
  if (control.test(text))
    return refuse("holds a control character; only line feed and tab are allowed");
  if (text !== text.normalize("NFC")) return refuse("is not in Unicode form NFC; normalise it");
  if (bidi.test(text) && !text.split("\n").every(isBalanced)) {
    return refuse("holds text direction marks that are not closed; close or remove them");
  }
  return undefined;
}

/** What is wrong with the length of a text, counted in characters (code points), if anything. */
export function findLengthFault(text: string, min: number, max: number): Complaint | undefined {
  if (isLonger(text, max)) {
    return { code: "SCHEMA_FIELD_LENGTH", says: `has more than ${max} characters; shorten it` };
  }
  if (min > 0 && text.length < 2 * min && countCharacters(text) < min) {
    const empty = min === 1 ? "is empty" : `has fewer than ${min} characters`;
    return { code: "SCHEMA_FIELD_LENGTH", says: `${empty}; complete it or leave the field out` };
  }
  return undefined;
}
