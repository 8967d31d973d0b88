/** The languages in which every label stands. */
export const languages = ["en", "fr", "pt", "ar", "es", "sw"] as const;

/** A language of ours. */
export type Language = (typeof languages)[number];

const known: ReadonlySet<string> = new Set(languages);

/** Whether a tag, read from outside, is one of our languages as it stands. */
export function isLanguage(tag: string): tag is Language {
  return known.has(tag);
}

/** The one of our languages that a tag of BCP 47 asks for, whatever its script and region. */
export function parseLanguage(tag: string): Language | undefined {
  const main = tag.slice(0, 40).toLowerCase().split("-", 1)[0] ?? "";
  return isLanguage(main) ? main : undefined;
}

/** Whether a language is written from right to left. */
export function isRightToLeft(lang: Language): boolean {
  return lang === "ar";
}
