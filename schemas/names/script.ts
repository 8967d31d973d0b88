/** Characters of the longest text a message holds. */
const maxCharacters = 4000;

/** Scripts of ISO 15924 in living use, by their code, with the name Unicode gives them. */
const scripts = {
  Latn: "Latin",
  Arab: "Arabic",
  Cyrl: "Cyrillic",
  Ethi: "Ethiopic",
  Grek: "Greek",
  Tfng: "Tifinagh",
  Nkoo: "Nko",
  Adlm: "Adlam",
  Vaii: "Vai",
  Bamu: "Bamum",
  Osma: "Osmanya",
  Mend: "Mende_Kikakui",
  Medf: "Medefaidrin",
  Copt: "Coptic",
  Armn: "Armenian",
  Beng: "Bengali",
  Bopo: "Bopomofo",
  Cher: "Cherokee",
  Deva: "Devanagari",
  Geor: "Georgian",
  Gujr: "Gujarati",
  Guru: "Gurmukhi",
  Hani: "Han",
  Hang: "Hangul",
  Hebr: "Hebrew",
  Hira: "Hiragana",
  Kana: "Katakana",
  Khmr: "Khmer",
  Knda: "Kannada",
  Laoo: "Lao",
  Mlym: "Malayalam",
  Mong: "Mongolian",
  Mymr: "Myanmar",
  Orya: "Oriya",
  Sinh: "Sinhala",
  Syrc: "Syriac",
  Taml: "Tamil",
  Telu: "Telugu",
  Thaa: "Thaana",
  Thai: "Thai",
  Tibt: "Tibetan",
} as const;

const patterns: readonly (readonly [string, RegExp])[] = Object.entries(scripts).map(
  ([code, name]) => [code, new RegExp(`\\p{Script=${name}}`, "u")],
);

const listed = Object.values(scripts)
  .map((name) => `\\p{Script=${name}}`)
  .join("");
// a letter of a script that is not in the table
const unlisted = new RegExp(`[\\p{L}--[\\p{Script=Common}\\p{Script=Inherited}${listed}]]`, "v");

/** Scripts that are written together, and the code ISO 15924 gives the mixture. */
const mixtures = [
  ["Jpan", new Set(["Hani", "Hira", "Kana"])],
  ["Kore", new Set(["Hani", "Hang"])],
  ["Hanb", new Set(["Hani", "Bopo"])],
] as const;

/**
 * The one script of ISO 15924 a text is written in, such as `Latn` or `Ethi`; `Jpan`, `Kore` and `Hanb` for
 * the mixtures that are one writing. Undefined when it has no letters, has letters of several scripts, or of
 * one we have no code for, and for more than 4,000 characters.
 */
export function scriptOf(text: string): string | undefined {
  if (text.length > 2 * maxCharacters || unlisted.test(text)) return undefined;
  const found = patterns.filter(([, pattern]) => pattern.test(text)).map(([code]) => code);
  if (found.length < 2) return found[0];
  return mixtures.find(([, parts]) => found.every((code) => parts.has(code)))?.[0];
}
