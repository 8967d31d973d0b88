import { join } from "node:path";
import { z } from "zod";

import { type Language, readPacks } from "../../schemas/index.ts";

const packOf = readPacks(join(import.meta.dirname, "words"), (json) =>
  z.record(z.string(), z.string()).parse(json),
);

/** What stands in the braces of a sentence. */
export type Facts = Readonly<Record<string, string | number>>;

/** Says the words of joining in one language. */
export type Say = (name: string, facts?: Facts) => string;

/** Builds what says the words of joining in one of the six languages. */
export function makeSay(lang: Language): Say {
  const pack = packOf(lang);
  return (name, facts = {}) =>
    (pack[name] ?? name).replaceAll(/\{([a-z]{1,12})\}/g, (_, fact: string) =>
      String(facts[fact] ?? "?"),
    );
}
