import { arabic, isUnencoded, shadda, tehMarbuta } from "./arabic.ts";
import { cyrillic, cyrillicByLanguage, cyrillicFirst } from "./cyrillic.ts";
import { latin } from "./latin.ts";
import { findNameFault } from "./name-fault.ts";

/** A name as a message holds it. */
export interface NameToSpell {
  readonly full: string;
  /** The primary identifier, where it is known; the given names are then the secondary one. */
  readonly family?: string | undefined;
  readonly given?: readonly string[] | undefined;
  /** BCP 47; decides the few Cyrillic letters that languages read differently. */
  readonly lang?: string | undefined;
}

/** A name as the machine-readable zone of a travel document has it. */
export interface Transliteration {
  /** A to Z, `<` between words, `<<` between family and given names; at most 120 characters. */
  readonly mrz: string;
  /** Whether other names have the same form, so that the original cannot be had back from it. */
  readonly lossy: boolean;
}

/** Characters of the longest form; that of the format `mrz_name`. */
const maxMrz = 120;

// §4.6 of Doc 9303 part 3: apostrophes, full stops and middle dots are left out, hyphens and commas part words
const leftOut = /^['`.\u00b4\u00b7\u02bb-\u02bf\u2018\u2019\u201b\u2032\ua78c]$/;
const parting = /[\p{Zs}\-\u2010-\u2013,\u060c]+/u;
const onlySpaces = /^[\p{Zs}]*$/u;

/** One letter where it stands. */
interface Place {
  readonly letter: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly lang: string;
}

/** The base letter of a letter with marks, in its own form; undefined for what is no Latin letter. */
function spellLatin(letter: string): string | undefined {
  const own = latin.get(letter);
  if (own !== undefined) return own;
  const base = Array.from(letter.normalize("NFD"))[0] ?? "";
  return /^[A-Z]$/.test(base) ? base : latin.get(base);
}

function spellCyrillic({ letter, isFirst, lang }: Place): string | undefined {
  const first = isFirst ? cyrillicFirst[lang]?.[letter] : undefined;
  return first ?? cyrillicByLanguage[lang]?.[letter] ?? cyrillic.get(letter);
}

function spellLetter(place: Place): string | undefined {
  const { letter, isLast } = place;
  if (letter === tehMarbuta.letter) return isLast ? tehMarbuta.last : tehMarbuta.within;
  return arabic.get(letter) ?? spellCyrillic(place) ?? spellLatin(letter);
}

/** What has no letter of its own in the zone: signs that are left out, marks of the letter before. */
function isSilent(sign: string): boolean {
  return leftOut.test(sign) || isUnencoded(sign) || /^[\p{Cf}\p{Mn}]$/u.test(sign);
}

/** One word; undefined when one of its letters is in no table. */
function spellWord(word: string, lang: string): string | undefined {
  const signs = Array.from(word);
  const last = signs.findLastIndex((sign) => !isSilent(sign));
  const forms: string[] = [];
  for (const [at, letter] of signs.entries()) {
    if (letter === shadda) forms.push(forms.at(-1) ?? "");
    else if (!isSilent(letter)) {
      const form = spellLetter({ letter, isFirst: forms.length === 0, isLast: at === last, lang });
      if (form === undefined) return undefined;
      forms.push(form);
    }
  }
  return forms.join("");
}

/** The words of one identifier with `<` between; undefined when one of them cannot be written. */
function spellPart(part: string, lang: string): string | undefined {
  const words: string[] = [];
  for (const word of part.toUpperCase().normalize("NFC").split(parting)) {
    const spelt = spellWord(word, lang);
    if (spelt === undefined) return undefined;
    if (spelt !== "") words.push(spelt);
  }
  return words.join("<");
}

/** Whether the form says all there was: words of A to Z, single spaces between them. */
function isWhole(parts: readonly string[]): boolean {
  return parts.every((part) => onlySpaces.test(part.replace(/[A-Za-z]/g, "")));
}

/** The identifiers of a name: family and given names where both are known, else the full name alone. */
function partsOf({ full, family = "", given = [] }: NameToSpell): readonly string[] {
  return family.trim() === "" || given.length === 0 ? [full] : [family, given.join(" ")];
}

/**
 * Writes a name as ICAO Doc 9303 part 3 §6 recommends for machine-readable zones: Latin letters with marks,
 * Cyrillic and Arabic letters by its tables, mixed names letter by letter. Capitals; apostrophes are left
 * out, hyphens and spaces become `<`. What is longer than 120 characters is cut, and is then lossy.
 *
 * @returns undefined, never a guess, when a letter or sign is in none of the tables (Ethiopic, Tifinagh, N'Ko,
 *   Greek, digits …), when nothing is left, or when the name holds what `findNameFault` refuses
 */
export function transliterate(name: NameToSpell): Transliteration | undefined {
  const parts = partsOf(name);
  if (parts.some((part) => findNameFault(part) !== undefined)) return undefined;
  const lang = (name.lang ?? "").slice(0, 40).split("-", 1)[0] ?? "";
  const spelt = parts.map((part) => spellPart(part, lang));
  if (spelt.some((part) => part === undefined || part === "")) return undefined;
  const mrz = spelt.join("<<");
  const cut = mrz.slice(0, maxMrz).replace(/<{1,2}$/, "");
  return { mrz: cut, lossy: cut !== mrz || !isWhole(parts) };
}
