import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { compileMessage } from "@lingui/message-utils/compileMessage";
import { z } from "zod";

/** The languages there are words in; the first is the one the others are made from. */
export const languages = ["en", "fr", "pt", "es", "ar", "sw"] as const;

const sources = join(import.meta.dirname, "../words");
const packs = join(import.meta.dirname, "../../../schemas/gen/packs");
/** Codes that every screen shows; those of a form come with its labels. */
const lists = ["CRIME", "HANDLING", "URGENCY", "STATUS", "PURPOSE"];
const digestChars = 10;

const wordsShape = z.record(z.string(), z.string());
const packShape = z.looseObject({ lists: z.record(z.string(), wordsShape), types: wordsShape });

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The sentences of one language, as translators write them: ICU messages by name. */
export function readWords(lang: string): Readonly<Record<string, string>> {
  return wordsShape.parse(readJson(join(sources, `${lang}.json`)));
}

function compile(lang: string): string {
  const entries = Object.entries(readWords(lang));
  const words = new Map(entries.map(([id, text]) => [id, compileMessage(text)]));
  const { lists: labels, types } = packShape.parse(readJson(join(packs, `${lang}.json`)));
  const shown = Object.fromEntries(lists.map((list) => [list, labels[list]]));
  // no native reader has confirmed any sentence but the English ones yet
  return JSON.stringify({
    words: Object.fromEntries(words),
    lists: shown,
    types,
    isDraft: lang !== "en",
  });
}

/** Writes every language's catalogue into a folder, compiled, its name bearing its digest. @returns the names by language */
export function writeCatalogues(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    languages.map((lang) => {
      const text = compile(lang);
      const digest = createHash("sha256").update(text).digest("hex").slice(0, digestChars);
      const name = `words-${lang}-${digest}.json`;
      writeFileSync(join(folder, name), text);
      return [lang, name];
    }),
  );
}
