import { transliterate } from "../../schemas/names/index.ts";
import type { PartialDate, PersonName } from "../../schemas/index.ts";

/** Longer than any identifier of a message. */
const maxChars = 320;
const maxWords = 24;

/** Digits of Arabic and Persian writing, as plates and papers bear them, in their European form. */
function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - (code >= 0x6f0 ? 0x6f0 : 0x660));
}

/**
 * An identifier as it is compared: letters and digits alone, capitals, European digits. What people and machines write
 * between them differs from form to form. Empty when nothing is left.
 */
export function spellIdentifier(text: string): string {
  return text
    .slice(0, maxChars)
    .normalize("NFKC")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, plainDigit)
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** As `spellIdentifier`, but addresses keep their signs: two may differ by a dot alone. */
export function spellAddress(text: string): string {
  const short = text.slice(0, maxChars).normalize("NFKC");
  if (/^[\p{Nd}\s-]*$/u.test(short)) return spellIdentifier(short);
  return short.toLowerCase().replace(/\s/g, "");
}

/** A telephone number by its digits. */
export function spellPhone(text: string): string {
  return spellIdentifier(text).replace(/\D/g, "").replace(/^00/, "");
}

/**
 * The words of a name in any order, each of A to Z, as ICAO Doc 9303 writes them; undefined for a name that has no such form.
 * One word alone says too little to look for anybody.
 */
export function spellName(name: Pick<PersonName, "full" | "transliteration">): string | undefined {
  const mrz = name.transliteration ?? transliterate({ full: name.full })?.mrz;
  const words = (mrz ?? "").split("<").filter((word) => word !== "");
  if (words.length < 2 || words.length > maxWords) return undefined;
  return words.toSorted().join(" ");
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

/** A date by its digits, as far as it is known: 1979, 197902 or 19790214. */
export function spellDate({ year, month, day }: PartialDate): string {
  if (month === undefined) return String(year);
  return `${year}${twoDigits(month)}${day === undefined ? "" : twoDigits(day)}`;
}
