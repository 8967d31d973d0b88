import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import type { Language } from "../../schemas/index.ts";

const shape = z.record(z.string(), z.string());
const packs = new Map<Language, z.infer<typeof shape>>();

/** The words of one language: our own file, read when it is first asked for. */
function packOf(lang: Language): z.infer<typeof shape> {
  const known = packs.get(lang);
  if (known !== undefined) return known;
  const text = readFileSync(join(import.meta.dirname, "words", `${lang}.json`), "utf8");
  const pack = shape.parse(JSON.parse(text));
  packs.set(lang, pack);
  return pack;
}

/** What stands in the braces of a sentence. */
export type Facts = Readonly<Record<string, string | number>>;

/** Says things in one language; what has no words there is said by its name. */
export type Say = (name: string, facts?: Facts) => string;

/** Builds what says words and sentences of the command line in one of the six languages. */
export function makeSay(lang: Language): Say {
  return (name, facts = {}) => {
    const pack = packOf(lang);
    const text = Object.hasOwn(pack, name) ? (pack[name] ?? name) : (name.split(".").at(-1) ?? name);
    return text.replaceAll(/\{([a-z]{1,12})\}/g, (_, fact: string) => String(facts[fact] ?? "?"));
  };
} // prettier-ignore
