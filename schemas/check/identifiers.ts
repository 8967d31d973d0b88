/** Characters an identifier may have. */
const maxCharacters = 60;

/** Characters a name in a machine-readable zone may have; three lines of a passport's longest. */
const maxMrzCharacters = 120;

/**
 * The scripts an identifier may be written in (UAX #31, recommended scripts, and the living scripts of
 * Africa beside them), each with those it is mixed with in everyday writing (UTS #39 §5.1).
 */
const scripts = [
  ["Latin"],
  ["Arabic"],
  ["Cyrillic"],
  ["Ethiopic"],
  ["Greek"],
  ["Han", "Hiragana", "Katakana"],
  ["Han", "Hangul"],
  ["Han", "Bopomofo"],
  ...["Adlam", "Armenian", "Bamum", "Bengali", "Coptic", "Devanagari", "Georgian", "Gujarati"].map((one) => [one]),
  ...["Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Medefaidrin", "Mende_Kikakui"].map((one) => [one]),
  ...["Mongolian", "Myanmar", "Nko", "Oriya", "Osmanya", "Sinhala", "Tamil", "Telugu", "Thaana"].map((one) => [one]),
  ...["Thai", "Tibetan", "Tifinagh", "Vai"].map((one) => [one]),
] as const; // prettier-ignore

/** One pattern a script: its letters, marks and digits alone, besides what belongs to none and the signs. */
const singleScript = scripts.map((names) => {
  const own = names.map((name) => `\\p{Script_Extensions=${name}}`).join("");
  return new RegExp(`^[${own}\\p{scx=Common}\\p{scx=Inherited} \\-\\/.·:#&+_\\(\\)*']*$`, "u");
});

// letters that belong to a script, marks, digits and the signs documents, plates and accounts are numbered with
const spelling = /^(?:(?!\p{Script=Common})\p{L}|[\p{Mn}\p{Mc}\p{Nd} \-/.·:#&+_()*'])+$/u;
const letterOrDigit = /[\p{L}\p{Nd}]/u;
const hidden = /\p{Default_Ignorable_Code_Point}/u;
// a mark on nothing, on a sign or on a digit; a fifth on one letter; a stroke; a second dot on an i
const wrongMark =
  /^\p{M}|[^\p{L}\p{M}]\p{M}|\p{M}\p{M}\p{M}\p{M}\p{M}|[\u0334-\u0338]|\p{Soft_Dotted}\u0307/u;

/** Letters and digits of ASCII and the signs, single spaces between: what nearly every identifier is. */
const plain = /^[A-Za-z0-9\-/.:#&+_()*']+(?: [A-Za-z0-9\-/.:#&+_()*']+)*$/;

/** Whether `text` has 1 to 60 characters; looked at before any pattern. */
function isShort(text: string): boolean {
  return (
    text.length > 0 && text.length <= 2 * maxCharacters && Array.from(text).length <= maxCharacters
  );
}

/** Whether all digits are of one set: ٤ and ۴, or 4 and ४, side by side have two readings. */
function isOfOneDigitSet(text: string): boolean {
  // every set of decimal digits lies within one row of sixteen
  const rows = new Set(
    Array.from(text.matchAll(/\p{Nd}/gu), ([one]) => (one.codePointAt(0) ?? 0) >> 4),
  );
  return rows.size <= 1;
}

/**
 * Whether `text` can stand as the number of a document, an account, a plate or a thing: 1 to 60
 * characters, NFC, letters of one script (UTS #39, single script), digits of one set, and the signs
 * `-/.·:#&+_()*'` with single spaces between. Hidden characters, half characters, directions, marks without
 * a letter, full-width and mathematical forms are refused: two numbers that look alike must be alike.
 *
 * What one script cannot tell apart (O and 0) and a whole text of another script (Cyrillic АВС) pass:
 * real plates have them.
 */
export function isIdentifier(text: string): boolean {
  if (text.length <= maxCharacters && plain.test(text)) return letterOrDigit.test(text);
  return isForeignIdentifier(text);
}

/** The same for what is not all ASCII. */
function isForeignIdentifier(text: string): boolean {
  if (!isShort(text) || !text.isWellFormed() || text !== text.normalize("NFKC")) return false;
  if (text !== text.trim() || text.includes("  ") || !letterOrDigit.test(text)) return false;
  if (!spelling.test(text) || hidden.test(text) || wrongMark.test(text)) return false;
  return isOfOneDigitSet(text) && singleScript.some((pattern) => pattern.test(text));
}

const mrzName = /^[A-Z]+(?:<[A-Z]+)*(?:<<[A-Z]+(?:<[A-Z]+)*)?$/;

/**
 * Whether `text` is a name as ICAO Doc 9303 writes it in a machine-readable zone: words of A to Z with one
 * `<` between, at most one `<<` between the primary and the secondary identifier, no filler at the end, at
 * most 120 characters.
 */
export function isMrzName(text: string): boolean {
  return text.length <= maxMrzCharacters && mrzName.test(text);
}
