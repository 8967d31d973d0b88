import type { Chance } from "../../schemas/ground/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** Crockford's letters: none is taken for another when it is read out, and no word comes of them. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 75 bits of chance, said in under half a minute. With what guessing one costs (`seal.ts`) nobody tries them all. */
const drawnChars = 15;
const groupChars = 4;

/** What people write where a digit was said. */
const taken: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };

/** Twice an element of the field of 32, by x⁵ + x² + 1. */
function double(element: number): number {
  const next = element << 1;
  return next > 31 ? next ^ 0b100101 : next;
}

/**
 * The check letter: each place weighs another element of the field, so one letter that is wrong and any two that changed
 * places are found, always.
 */
function checkOf(digits: readonly number[]): number {
  // Horner's rule: the last letter weighs 2, the one before it 4, and so on; no two of the first thirty weigh the same
  return digits.reduce((sum, digit) => double(sum ^ digit), 0);
}

/** Four groups of four, as it is said on the telephone. */
function group(letters: string): string {
  return letters.match(new RegExp(`.{${groupChars}}`, "g"))?.join("-") ?? letters;
}

/** Draws a code: 75 bits and a check letter, as `7K3M-9QXD-2VWT-H0EP`. */
export function makeCode(chance: Chance): string {
  const digits = [...chance.bytes(drawnChars)].map((byte) => byte & 31);
  return group([...digits, checkOf(digits)].map((digit) => alphabet[digit] ?? "").join(""));
}

/**
 * Reads a code as a person typed it: small or capital, with or without spaces and dashes, O for 0, I and L for 1.
 *
 * @returns its one spelling
 * @throws {Fault} KIT_CODE_WRONG when a letter is missing, or the check letter does not fit
 */
export function parseCode(typed: string): string {
  const letters = typed
    .slice(0, 200)
    .toUpperCase()
    .replaceAll(/[\s.·–—-]/g, "");
  const digits = Array.from(letters, (one) => alphabet.indexOf(taken[one] ?? one));
  if (digits.length !== drawnChars + 1 || digits.includes(-1)) {
    throw new Fault("KIT_CODE_WRONG", "a code is sixteen letters and digits");
  }
  if (checkOf(digits.slice(0, -1)) !== digits.at(-1)) {
    throw new Fault("KIT_CODE_WRONG", "a letter of it is wrong, or two have changed places");
  }
  return group(digits.map((digit) => alphabet[digit] ?? "").join(""));
}
