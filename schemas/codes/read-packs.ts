import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Language } from "./languages.ts";

/**
 * Gives the words of a language from a folder of our own files, one for each language. Each is read when it is first asked
 * for, and once: most processes speak one language, or none.
 */
export function readPacks<T>(folder: string, parse: (json: unknown) => T): (lang: Language) => T {
  const packs = new Map<Language, T>();
  return (lang) => {
    const known = packs.get(lang);
    if (known !== undefined) return known;
    const pack = parse(JSON.parse(readFileSync(join(folder, `${lang}.json`), "utf8")));
    packs.set(lang, pack);
    return pack;
  };
}
