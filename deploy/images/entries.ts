import { readFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Bytes } from "../../schemas/ground/index.ts";

/** A file or folder of an image or bundle, by its path without a leading slash. */
export interface Entry {
  readonly path: string;
  /** A file whose bytes these are; a folder when left out. */
  readonly content?: { readonly file: string } | { readonly bytes: Bytes };
  readonly mode: number;
  /** Number of the user and of the group it belongs to; root when left out. */
  readonly owner?: number;
}

const folderMode = 0o755;

function foldersOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === "." ? [] : [...foldersOf(parent), parent];
}

/** The entries in the one order that we write, with the folders they stand in before them. */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  const all = new Map<string, Entry>();
  for (const { path } of entries) {
    for (const folder of foldersOf(path)) all.set(folder, { path: folder, mode: folderMode });
  }
  for (const entry of entries) all.set(entry.path, entry);
  // by code unit: the order of a language would differ between machines
  return [...all.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The bytes of a file; none of a folder. */
export function readEntry({ content }: Entry): Bytes {
  if (content === undefined) return new Uint8Array();
  return "file" in content ? readFileSync(content.file) : content.bytes;
}
