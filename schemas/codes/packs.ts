import { join } from "node:path";

import type { Language } from "./languages.ts";
import { readPacks } from "./read-packs.ts";

type Section = Readonly<Record<string, string>>;

/** All labels of one language. */
export interface Pack {
  readonly lang: string;
  readonly digest: string;
  /** Keys of the labels that a native reader confirmed; "*" is all of them. */
  readonly confirmed: readonly string[];
  readonly lists: Readonly<Record<string, Section>>;
  readonly forms: Readonly<Record<string, Readonly<Record<string, Section>>>>;
  readonly types: Section;
  readonly fields: Section;
  readonly words: Section;
  readonly faults: Section;
}

/** Our own file, made by `npm run gen`; its parts are looked for, not each label. */
function isPack(json: unknown): json is Pack {
  const parts = ["digest", "confirmed", "lists", "forms", "types", "fields", "words", "faults"];
  return (
    typeof json === "object" && json !== null && parts.every((part) => Object.hasOwn(json, part))
  );
}

function parsePack(json: unknown): Pack {
  if (isPack(json)) return json;
  throw new Error("a label pack is not one that npm run gen made");
}

/** The label pack of a language. */
export const packOf: (lang: Language) => Pack = readPacks(
  join(import.meta.dirname, "../gen/packs"),
  parsePack,
);

/** How far the labels of a language were looked at by a native reader. */
export interface PackState {
  /** `fr@1a2b3c4d`: the language and the first eight digits of the pack's digest. */
  readonly name: string;
  /** SOURCE is the language the labels were written in; DRAFT has labels nobody confirmed. */
  readonly review: "SOURCE" | "CONFIRMED" | "DRAFT";
}

function countLabels({ lists, types, fields, words, faults }: Pack): number {
  return [...Object.values(lists), types, fields, words, faults]
    .map((section) => Object.keys(section).length)
    .reduce((sum, count) => sum + count, 0);
}

function stateOf(lang: Language): PackState {
  const pack = packOf(lang);
  const name = `${lang}@${pack.digest.slice(0, 8)}`;
  if (pack.confirmed.includes("*")) return { name, review: "SOURCE" };
  return { name, review: pack.confirmed.length >= countLabels(pack) ? "CONFIRMED" : "DRAFT" };
}

const states = new Map<Language, PackState>();

/** The name of a language's pack and whether all its labels were confirmed. */
export function packState(lang: Language): PackState {
  const known = states.get(lang) ?? stateOf(lang);
  states.set(lang, known);
  return known;
}
