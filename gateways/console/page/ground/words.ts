import { type Messages, setupI18n } from "@lingui/core";
import { type ReadonlySignal, signal } from "@preact/signals";

import type english from "../../words/en.json";

/** The languages there are words in. */
export const languages = ["en", "fr", "pt", "es", "ar", "sw"] as const;
/** One of them. */
export type Language = (typeof languages)[number];
/** The name of a sentence of the page. */
export type WordId = keyof typeof english;

/** A language as `npm run console` wrote it: sentences compiled, and the labels of codes that every screen shows. */
interface Catalogue {
  readonly words: Messages;
  readonly lists: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly types: Readonly<Record<string, string>>;
  /** Whether a native reader confirmed the sentences. */
  readonly isDraft: boolean;
}

/** It comes from our own build: whether it is one at all is all that is asked. */
function isCatalogue(value: unknown): value is Catalogue {
  return typeof value === "object" && value !== null && "words" in value && "lists" in value;
}

/** The names of the catalogues' files, by language; set at build. */
declare const CATALOGUES: Readonly<Record<Language, string>>;

const i18n = setupI18n();
const spoken = signal<Language>("en");
const catalogue = signal<Catalogue | undefined>(undefined);
const keptAs = "atumpan-language";

/** The language of the page. */
export const language: ReadonlySignal<Language> = spoken;

function isLanguage(text: string): text is Language {
  return languages.some((one) => one === text);
}

/** The language the person chose here before, else the first of the browser's own that we have, else English. */
export function findLanguage(): Language {
  const wanted = [localStorage.getItem(keptAs) ?? "", ...navigator.languages];
  return wanted.map((one) => one.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

/** Which way a language is written. */
export function directionOf(lang: string): "rtl" | "ltr" {
  return lang === "ar" ? "rtl" : "ltr";
}

/** Turns the page to a language; nothing that was typed is lost, for no screen is made anew. */
export async function speak(lang: Language): Promise<void> {
  const response = await fetch(CATALOGUES[lang]);
  if (!response.ok) throw new Error("a catalogue is missing");
  const read: unknown = await response.json();
  if (!isCatalogue(read)) throw new Error("a catalogue is none");
  i18n.loadAndActivate({ locale: lang, messages: read.words });
  localStorage.setItem(keptAs, lang);
  document.documentElement.lang = lang;
  document.documentElement.dir = directionOf(lang);
  spoken.value = lang;
  catalogue.value = read;
}

/** A sentence of the page in its language, with what is told in it. */
export function say(id: WordId, values: Readonly<Record<string, string | number>> = {}): string {
  // read, so that whoever shows it is shown anew in another language
  return catalogue.value === undefined ? "" : i18n._(id, { ...values });
}

/** The label of a code; the code itself where the list has none. */
export function labelOf(list: string, code: string): string {
  return catalogue.value?.lists[list]?.[code] ?? code;
}

/** The codes of a list that every screen has, each with its label. */
export function codesOf(list: string): readonly (readonly [code: string, label: string])[] {
  return Object.entries(catalogue.value?.lists[list] ?? {});
}

/** What a type of message is called. */
export function typeName(type: string): string {
  return catalogue.value?.types[type] ?? type;
}

/** Whether no native reader has confirmed the sentences yet. */
export function isDraft(): boolean {
  return catalogue.value?.isDraft ?? false;
}
