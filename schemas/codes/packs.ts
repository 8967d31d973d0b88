import ar from "../gen/packs/ar.json" with { type: "json" };
import en from "../gen/packs/en.json" with { type: "json" };
import es from "../gen/packs/es.json" with { type: "json" };
import fr from "../gen/packs/fr.json" with { type: "json" };
import pt from "../gen/packs/pt.json" with { type: "json" };
import sw from "../gen/packs/sw.json" with { type: "json" };
import type { Language } from "./languages.ts";

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

/** Our label packs, by language. */
export const packs: Readonly<Record<Language, Pack>> = { en, fr, pt, ar, es, sw };

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
  const pack = packs[lang];
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
