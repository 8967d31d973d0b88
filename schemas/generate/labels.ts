import type { MessageDescriptor } from "../codec/index.ts";
import { faults } from "../ground/index.ts";
import { type Labels, type LabelSources, languages, type SourceList } from "./read-labels.ts";

const codeSpelling = /^(?:[A-Z][A-Z0-9_]{0,59}|[a-z]{2,12})$/;

function findInLabels(where: string, labels: Labels): readonly string[] {
  const languageOnly: readonly string[] = languages;
  return [
    ...languages
      .filter((lang) => (labels[lang] ?? "").trim() === "")
      .map((lang) => `${where}: has no ${lang} label`),
    ...Object.entries(labels)
      .filter(([lang, text]) => !languageOnly.includes(lang) || text.normalize("NFC") !== text)
      .map(([lang]) => `${where}: ${lang} is no language of ours, or not in Unicode form NFC`),
  ];
}

/** The plural categories a language has: CLDR's, as the runtime knows them. */
function categoriesOf(lang: string): readonly string[] {
  return new Intl.PluralRules(lang).resolvedOptions().pluralCategories.toSorted();
}

function findInForms(list: SourceList): readonly string[] {
  return list.codes.flatMap(({ code, forms }) => {
    const where = `${list.list}.${code}`;
    if (list.counted !== true) return forms === undefined ? [] : [`${where}: is not counted`];
    return languages
      .filter((lang) => {
        const given = Object.keys(forms?.[lang] ?? {}).toSorted();
        return given.join() !== categoriesOf(lang).join();
      })
      .map((lang) => `${where}: ${lang} needs the forms ${categoriesOf(lang).join(", ")}`);
  });
}

function findInList(list: SourceList): readonly string[] {
  const codes = list.codes.map(({ code }) => code);
  return [
    ...codes
      .filter((code, at) => codes.indexOf(code) !== at || !codeSpelling.test(code))
      .map((code) => `${list.list}.${code}: twice, or not spelt as codes are`),
    ...list.codes.flatMap(({ code, labels }) => findInLabels(`${list.list}.${code}`, labels)),
    ...findInForms(list),
  ];
}

function findUnlabelled(messages: readonly MessageDescriptor[], labels: LabelSources): string[] {
  const { fields, types } = labels;
  const missingFields = messages
    .filter(({ place }) => place !== "OUTER")
    .flatMap(({ name, fields: own }) =>
      own
        .filter((field) => !fields.has(`${name}.${field.name}`) && !fields.has(field.name))
        .map((field) => `${name}.${field.name}: has no label`),
    );
  const missingTypes = messages.flatMap(({ body }) =>
    body === undefined || types.has(body.type) ? [] : [`${body.type}: has no label`],
  );
  return [...missingFields, ...missingTypes];
}

function findInFaults({ faults: sentences }: LabelSources): readonly string[] {
  const known = new Map<string, { readonly title: string }>(Object.entries(faults));
  const missing = [...known].flatMap(([code, { title }]) => {
    const labels = sentences.get(code);
    if (labels === undefined) return [`${code}: has no sentence in six languages`];
    return labels["en"] === title ? [] : [`${code}: its English sentence is not its title`];
  });
  const stray = [...sentences.keys()].filter((code) => !known.has(code));
  return [...missing, ...stray.map((code) => `${code}: is no fault`)];
}

/** Everything a reader of some language would miss, each as one line that says where. */
export function findLabelProblems(
  messages: readonly MessageDescriptor[],
  labels: LabelSources,
): readonly string[] {
  return [
    ...labels.problems,
    ...[...labels.lists.values()].flatMap(findInList),
    ...[labels.fields, labels.types, labels.words, labels.faults].flatMap((section) =>
      [...section].flatMap(([name, names]) => findInLabels(name, names)),
    ),
    ...findUnlabelled(messages, labels),
    ...findInFaults(labels),
  ];
}
