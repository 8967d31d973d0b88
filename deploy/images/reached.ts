import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** What entry files lead to. */
export interface Reached {
  /** Files of ours, from the root, in order. */
  readonly files: readonly string[];
  /** Names of packages, in order. */
  readonly packages: readonly string[];
}

const importing =
  /(?:\bfrom\s|\bimport\s|\bimport\()\s{0,200}"((?:\.{1,2}\/|[@a-z])[\w@./:-]{0,200})"/g;
const isCode = (file: string): boolean => file.endsWith(".ts") || file.endsWith(".mjs");

function importsOf(code: string): readonly string[] {
  return [...code.matchAll(importing)].map(([, name = ""]) => name);
}

function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}

/** Data that code reads by itself: all that stands in a room that is reached, or below it, and is neither code nor prose. */
function findData(root: string, rooms: ReadonlySet<string>): readonly string[] {
  const isReached = (file: string): boolean => {
    for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) {
      if (folder.includes("/") && rooms.has(folder)) return true;
    }
    return false;
  };
  const tops = [...new Set([...rooms].map((room) => room.split("/")[0] ?? ""))].toSorted();
  return tops
    .flatMap((top) => globSync(`${top}/**/*.{json,proto,html,css,svg,txt}`, { cwd: root }))
    .filter((file) => !file.includes("node_modules") && !file.includes("/fixtures/") && isReached(file));
} // prettier-ignore

/**
 * Follows imports from entry files, those that are made later too: files that nothing leads to are left behind. What is only
 * imported for its types counts, so that nothing is missing when a file is read.
 *
 * @param root the folder of the project
 */
export function findReached(root: string, entries: readonly string[]): Reached {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    if (!isCode(file)) continue;
    for (const name of importsOf(readFileSync(join(root, file), "utf8"))) {
      if (name.startsWith(".")) open.push(normalize(join(dirname(file), name)));
      else if (!name.startsWith("node:")) packages.add(packageOf(name));
    }
  }
  const rooms = new Set([...files].map((file) => dirname(file)));
  for (const file of findData(root, rooms)) files.add(file);
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}
