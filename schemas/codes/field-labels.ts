import en from "./fields/en.json" with { type: "json" };
import fr from "./fields/fr.json" with { type: "json" };

/** The languages in which labels stand. */
export type LabelLanguage = "en" | "fr";

type Section = Readonly<Record<string, string>>;

const sections: Readonly<
  Record<LabelLanguage, Readonly<Record<"types" | "units" | "words" | "fields", Section>>>
> = { en, fr };

function find(section: Section, name: string): string {
  return Object.hasOwn(section, name) ? (section[name] ?? name) : name;
}

/** A field's name for people; the field's own name when it has none. */
export function fieldLabel(name: string, lang: LabelLanguage): string {
  return find(sections[lang].fields, name);
}

/** A message type's name for people; the type itself when it has none. */
export function typeLabel(type: string, lang: LabelLanguage): string {
  return find(sections[lang].types, type);
}

/** A unit for people, as descriptors name it. */
export function unitLabel(unit: string, lang: LabelLanguage): string {
  return find(sections[lang].units, unit);
}

/** A word of the rendered text: yes, no, about, type. */
export function wordLabel(word: "yes" | "no" | "about" | "type", lang: LabelLanguage): string {
  return find(sections[lang].words, word);
}
