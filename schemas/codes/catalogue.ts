import lists from "../gen/code-lists.json" with { type: "json" };
import type { CodeList } from "./code-list.ts";

interface Entry {
  readonly list: CodeList;
  readonly codes: ReadonlySet<string>;
}

const sources: Readonly<Record<string, Omit<CodeList, "list">>> = lists;
const entries: ReadonlyMap<string, Entry> = new Map(
  Object.entries(sources).map(([name, list]) => [
    name,
    { list: { list: name, ...list }, codes: new Set(list.codes) },
  ]),
);

/** The names of all code lists, in alphabetical order. */
export const codeListNames: readonly string[] = [...entries.keys()].toSorted();

/** The list of this name, when there is one. */
export function codeList(name: string): CodeList | undefined {
  return entries.get(name)?.list;
}

/** Whether this edition of the list has the code. */
export function isKnownCode(list: string, code: string): boolean {
  return entries.get(list)?.codes.has(code) ?? false;
}
