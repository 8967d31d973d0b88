import { join } from "node:path";
import { z } from "zod";

import { type Language, readPacks } from "../../schemas/index.ts";

const shape = z.record(z.string(), z.string());
const packOf = readPacks(join(import.meta.dirname, "words"), (json) => shape.parse(json));

/** What stands in the braces of a sentence. */
export type Facts = Readonly<Record<string, string | number>>;

/** Says things in one language; what has no words there is said by its name. */
export type Say = (name: string, facts?: Facts) => string;

/** What says words in the language of a command. */
export function sayOf({ common }: { readonly common: { readonly lang?: Language } }): Say {
  return makeSay(common.lang ?? "en");
}

/** Builds what says words and sentences of the command line in one of the six languages. */
export function makeSay(lang: Language): Say {
  return (name, facts = {}) => {
    const pack = packOf(lang);
    const text = Object.hasOwn(pack, name) ? (pack[name] ?? name) : (name.split(".").at(-1) ?? name);
    return text.replaceAll(/\{([a-z]{1,12})\}/g, (_, fact: string) => String(facts[fact] ?? "?"));
  };
} // prettier-ignore
