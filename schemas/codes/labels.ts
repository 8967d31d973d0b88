import type { Language } from "./languages.ts";
import { packOf } from "./packs.ts";

function find(section: Readonly<Record<string, string>> | undefined, name: string): string {
  return section !== undefined && Object.hasOwn(section, name) ? (section[name] ?? name) : name;
}

/** The code's name in a language; the code itself when it is of a newer edition. */
export function labelOf(list: string, code: string, lang: Language): string {
  const { lists } = packOf(lang);
  return find(Object.hasOwn(lists, list) ? lists[list] : undefined, code);
}

/** A field's name for people; `Message.field` has its own where the meaning differs. */
export function fieldLabel(name: string, lang: Language, message = ""): string {
  const { fields } = packOf(lang);
  const own = `${message}.${name}`;
  return find(fields, Object.hasOwn(fields, own) ? own : name);
}

/** A message type's name for people; the type itself when it has none. */
export function typeLabel(type: string, lang: Language): string {
  return find(packOf(lang).types, type);
}

/** A word of the rendered text, such as yes, no, about, type. */
export function wordLabel(word: string, lang: Language): string {
  return find(packOf(lang).words, word);
}

/** What a fault code says in one sentence. */
export function faultSentence(code: string, lang: Language): string {
  return find(packOf(lang).faults, code);
}
