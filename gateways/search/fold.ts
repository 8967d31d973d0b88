/** A word longer than this is cut; what is looked for is cut likewise. */
const maxWord = 64;

/** Letters that Unicode does not take apart, in the spelling that people type. */
const spellings: Readonly<Record<string, string>> = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ŋ: "ng",
  ɓ: "b", ɗ: "d", ɖ: "d", ƙ: "k", ɲ: "n", ɛ: "e", ɔ: "o", ƴ: "y", ɣ: "g", ʋ: "v", ƒ: "f",
  // Arabic: forms of alif, teh marbuta and alif maksura are one with the letter they are typed as; so are Persian ones
  ٱ: "ا", ة: "ه", ى: "ي", ی: "ي", ک: "ك",
}; // prettier-ignore

/** Rows of Ethiopic letters that sound alike in Amharic: the first letter of each, and of the row it counts as. */
const rows: readonly (readonly [from: number, to: number])[] = [
  [0x1210, 0x1200], [0x1280, 0x1200], [0x1220, 0x1230], [0x12d0, 0x12a0], [0x1340, 0x1338],
]; // prettier-ignore
const rowLength = 7;
/** The fourth letter of these two rows sounds as the first does. */
const alike: ReadonlyMap<number, number> = new Map([[0x1203, 0x1200], [0x12a3, 0x12a0]]); // prettier-ignore

function foldEthiopic(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const row = rows.find(([from]) => code >= from && code < from + rowLength);
  const folded = row === undefined ? code : code - row[0] + row[1];
  return String.fromCodePoint(alike.get(folded) ?? folded);
}

const isDigit = (code: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(code));

/** The value of a decimal digit of any script; digits stand in rows of ten. */
function foldDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (zero > 0 && isDigit(zero - 1)) zero -= 1;
  return String((code - zero) % 10);
}

/**
 * The words of a text as search compares them: no case, no accents, no vowel points, ligatures taken apart, letters that
 * are typed one for another made one, digits of every script as 0 to 9. Parted by whatever is no letter and no digit.
 * A text and what is looked for in it are folded by this one function. Linear in the length of the text.
 */
export function foldWords(text: string): readonly string[] {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    // marks, what does not show, and the stroke that lengthens Arabic words
    .replaceAll(/[\p{M}\p{Cf}\u0640]/gu, "")
    .replaceAll(/\P{ASCII}/gu, (letter) => spellings[letter] ?? letter)
    .replaceAll(
      /[\u1203\u12a3\u1210-\u1216\u1220-\u1226\u1280-\u1286\u12d0-\u12d6\u1340-\u1346]/g,
      foldEthiopic,
    )
    .replaceAll(/[^\P{Nd}0-9]/gu, foldDigit);
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, maxWord));
}
