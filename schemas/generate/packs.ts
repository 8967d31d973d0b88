import { renderHex, sha256, utf8 } from "../ground/index.ts";
import { type Labels, type LabelSources, languages, type SourceList } from "./read-labels.ts";

function digestOf(value: unknown): string {
  return renderHex(sha256(utf8(JSON.stringify(value))));
}

function pick(section: ReadonlyMap<string, Labels>, lang: string): Record<string, string> {
  const entries = [...section].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, labels]) => [name, labels[lang] ?? name]));
}

function sortedLists(lists: ReadonlyMap<string, SourceList>): readonly SourceList[] {
  return [...lists.values()].toSorted((a, b) => (a.list < b.list ? -1 : 1));
}

function labelsOf(sources: LabelSources, lang: string) {
  const lists = sortedLists(sources.lists);
  return {
    lists: Object.fromEntries(
      lists.map(({ list, codes }) => [
        list,
        Object.fromEntries(codes.map(({ code, labels }) => [code, labels[lang] ?? code])),
      ]),
    ),
    forms: Object.fromEntries(
      lists
        .filter(({ counted }) => counted === true)
        .map(({ list, codes }) => [
          list,
          Object.fromEntries(
            codes.map(({ code, forms }) => [
              code,
              new Map<string, Record<string, string>>(Object.entries(forms ?? {})).get(lang) ?? {},
            ]),
          ),
        ]),
    ),
    types: pick(sources.types, lang),
    fields: pick(sources.fields, lang),
    words: pick(sources.words, lang),
    faults: pick(sources.faults, lang),
  };
}

/** Keys of labels whose text is still the one a native reader confirmed. */
function confirmedIn(sources: LabelSources, lang: string): readonly string[] {
  const keys = sources.confirmed.get(lang) ?? {};
  const labels = labelsOf(sources, lang);
  return Object.entries(keys)
    .filter(([key, digest]) => {
      const [section = "", ...name] = key.split("/");
      const found = new Map<string, unknown>(Object.entries(labels)).get(section);
      let value: unknown = found;
      for (const step of name) {
        value =
          typeof value === "object" && value !== null
            ? new Map<string, unknown>(Object.entries(value)).get(step)
            : undefined;
      }
      return typeof value === "string" && renderHex(sha256(utf8(value))) === digest;
    })
    .map(([key]) => key)
    .toSorted();
}

/** The label pack of one language: everything that is said in it, its digest, and what was confirmed. */
function renderPack(sources: LabelSources, lang: string): string {
  const labels = labelsOf(sources, lang);
  // a message is rendered without sentences of faults: a new fault is no new pack to its readers
  const { faults: _, ...rendered } = labels;
  const pack = {
    lang,
    digest: digestOf(rendered),
    confirmed: lang === "en" ? ["*"] : confirmedIn(sources, lang),
    ...labels,
  };
  return `${JSON.stringify(pack, undefined, 1)}\n`;
}

/** The code lists without their labels. The digest is over what a code is: its list, its name, its English label. */
function renderCodeLists({ lists }: LabelSources): string {
  const all = sortedLists(lists).map(({ list, version, source, codes }) => [
    list,
    {
      version,
      source,
      digest: digestOf({
        list,
        version,
        source,
        codes: codes.map(({ code, labels }) => [code, labels["en"]]),
      }),
      codes: codes.map(({ code }) => code),
      also: Object.fromEntries(
        codes.flatMap(({ code, also }) => (also === undefined ? [] : [[code, also]])),
      ),
    },
  ]);
  return `${JSON.stringify(Object.fromEntries(all), undefined, 1)}\n`;
}

/** The files of all languages and the one of all lists, by name. */
export function renderPacks(sources: LabelSources): readonly (readonly [string, string])[] {
  return [
    ...languages.map((lang) => [`packs/${lang}.json`, renderPack(sources, lang)] as const),
    ["code-lists.json", renderCodeLists(sources)],
  ];
}
