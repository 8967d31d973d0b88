import { type Bytes, sha256, utf8 } from "../ground/index.ts";
import { renderCanonicalJson } from "./canonical.ts";
import type { Code, CodeList } from "./code-list.ts";
import { lists } from "./lists.ts";

interface Entry {
  readonly list: CodeList;
  readonly codes: ReadonlyMap<string, Code>;
}

const entries: ReadonlyMap<string, Entry> = new Map(
  Object.entries(lists).map(([name, list]) => [
    name,
    { list, codes: new Map(list.codes.map((code) => [code.code, code])) },
  ]),
);

/** The names of all code lists, in alphabetical order. */
export const codeListNames: readonly string[] = [...entries.keys()].toSorted();

/** The list of this name, when there is one. */
export function codeList(name: string): CodeList | undefined {
  return entries.get(name)?.list;
}

/** SHA-256 of the list's canonical JSON: names exactly this edition. Undefined when there is no such list. */
export function codeListDigest(name: string): Bytes | undefined {
  const list = codeList(name);
  return list === undefined ? undefined : sha256(utf8(renderCanonicalJson(list)));
}

/** Whether this edition of the list has the code. */
export function isKnownCode(list: string, code: string): boolean {
  return entries.get(list)?.codes.has(code) ?? false;
}

/**
 * The code's name in a language; in English when we do not have that language, the code itself when it is
 * of a newer edition.
 */
export function labelOf(list: string, code: string, lang: string): string {
  const labels = entries.get(list)?.codes.get(code)?.labels;
  if (labels === undefined) return code;
  return lang === "fr" ? labels.fr : labels.en;
}
