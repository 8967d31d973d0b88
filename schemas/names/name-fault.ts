import type { FaultCode } from "../ground/index.ts";

/** What is wrong with a name: the code, and words that follow the field's name. */
export interface NameFault {
  readonly code: FaultCode;
  readonly says: string;
}

/** Characters a name may have: those of `PersonName.full`. */
const maxCharacters = 200;

/** Marks one letter may bear; Tibetan and pointed Hebrew need the most. */
const tooManyMarks = /\p{M}{9}/u;

const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const nobodys = /[\p{Cn}\p{Co}]/u;
const override = /[\u202d\u202e]/;
const bidi = /[\u202a-\u202c\u2066-\u2069]/gu;
// what nobody sees: formats, fillers, selectors, and the blank of Braille
const hidden = /[[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]--[\u202a-\u202e\u2066-\u2069]]/v;

// scripts whose letters join: there ZWJ and ZWNJ decide how a name is read (UAX #31, A1 to B)
const joining =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Adlam}" +
  "\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}" +
  "\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}" +
  "\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}";
const joiner = new RegExp(`(?<=[${joining}\\p{M}])[\\u200c\\u200d](?=[${joining}])`, "gu");
// the selected form of a Han or Mongolian letter is part of how a family writes itself
const selector =
  /(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]|(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]/gu;

function refuse(says: string): NameFault {
  return { code: "SCHEMA_FIELD_PATTERN", says };
}

function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** Whether every direction control is closed, in the right order (UAX #9). */
function isBalanced(name: string): boolean {
  const open: string[] = [];
  for (const [sign] of name.matchAll(bidi)) {
    if (sign === "\u202c" || sign === "\u2069") {
      if (open.pop() !== sign) return false;
    } else open.push(sign < "\u2066" ? "\u202c" : "\u2069");
  }
  return open.length === 0;
}

const faults: readonly {
  readonly holds: (name: string) => boolean;
  readonly says: string;
}[] = [
  {
    holds: (name) => control.test(name),
    says: "holds a control character or a line end; remove it",
  },
  {
    holds: (name) => nobodys.test(name),
    says: "holds a character Unicode gives no meaning; replace it",
  },
  {
    holds: (name) => name !== name.normalize("NFC"),
    says: "is not in Unicode form NFC; normalise it",
  },
  {
    holds: (name) => override.test(name) || !isBalanced(name),
    says: "holds text direction marks that are not closed or that reverse letters; remove them",
  },
  {
    holds: (name) => hidden.test(name.replace(joiner, "").replace(selector, "")),
    says: "holds a character nobody sees; remove it",
  },
  {
    holds: (name) => /^\p{M}/u.test(name) || tooManyMarks.test(name),
    says: "holds marks without a letter, or more than one letter bears; remove them",
  },
];

/** Printable ASCII: nothing of it can deceive. */
const plain = /^[\x20-\x7e]*$/;

/**
 * What is wrong with a name as its bearer writes it, if anything. Every script passes, mixed or not, and
 * every apostrophe, hyphen, digit and space; only what can deceive is refused: controls, hidden characters
 * (joiners pass where the script needs them), directions left open or overridden, characters without
 * meaning, marks without a letter, a second spelling of the same letters.
 *
 * @returns SCHEMA_FIELD_LENGTH for none or more than 200 characters, else SCHEMA_FIELD_PATTERN
 */
export function findNameFault(name: string): NameFault | undefined {
  // bounded before any pattern; the longest character takes two units
  if (name.length > 2 * maxCharacters || countCharacters(name) > maxCharacters) {
    return {
      code: "SCHEMA_FIELD_LENGTH",
      says: `has more than ${maxCharacters} characters; shorten it`,
    };
  }
  if (name.trim() === "") {
    return { code: "SCHEMA_FIELD_LENGTH", says: "is empty; complete it or leave it out" };
  }
  if (plain.test(name)) return undefined;
  if (!name.isWellFormed()) return refuse("holds half a character; send whole Unicode characters");
  const found = faults.find(({ holds }) => holds(name));
  return found === undefined ? undefined : refuse(found.says);
}
