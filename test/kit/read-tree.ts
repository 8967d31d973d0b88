import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file of a folder, with what it held when it was read. */
export interface ReadFile {
  /** Below the folder, with `/` between its parts. */
  readonly name: string;
  readonly bytes: Buffer;
}

const goneCodes = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

function unlessGone<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (goneCodes.has(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

/** What a file holds; undefined when it is no more there, or is none. */
export function readIfThere(path: string): Buffer | undefined {
  return unlessGone(() => readFileSync(path));
}

/** Paths of the files below a folder; a folder that goes meanwhile has none. Any of them may be gone when it is read. */
export function listTree(folder: string): readonly string[] {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listTree(path);
    return entry.isFile() ? [path] : [];
  });
}

/**
 * Reads the files below a folder in which processes run, those whose name `isWanted` at least, one after the other as they
 * are asked for. One that is gone by then is passed over: a server makes and removes files as it runs.
 */
export function* readTree(
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Generator<ReadFile> {
  for (const path of listTree(folder)) {
    const name = relative(folder, path).split(sep).join("/");
    const bytes = isWanted(name) ? readIfThere(path) : undefined;
    if (bytes !== undefined) yield { name, bytes };
  }
}
