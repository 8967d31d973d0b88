import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** What a folder held, in memory, so that tests may begin from it again and again. */
export interface KeptFolder {
  /** Writes all of it, with the rights it had, under a folder that is empty or not there. */
  layOut(home: string): void;
}

interface KeptEntry {
  readonly path: string;
  readonly mode: number;
  /** Of a file; a folder has none. */
  readonly bytes?: Buffer;
}

function readEntry(file: string, path: string): KeptEntry {
  const stat = lstatSync(file);
  const entry = { path, mode: stat.mode & 0o777 };
  if (stat.isDirectory()) return entry;
  if (!stat.isFile()) throw new Error(`${path} is neither file nor folder`);
  return { ...entry, bytes: readFileSync(file) };
}

/**
 * Reads a folder of some hundred small files: keys and certificates cost a second to make and some milliseconds to
 * write. Every test that begins from it has the same keys, and files of its own.
 */
export function keepFolder(home: string): KeptFolder {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    // a folder comes before what it holds
    .toSorted()
    .map((file) => readEntry(file, relative(home, file)));
  return {
    layOut: (to) => {
      mkdirSync(to, { recursive: true, mode: 0o700 });
      for (const { path, mode, bytes } of entries) {
        const file = join(to, path);
        if (bytes === undefined) mkdirSync(file, { mode });
        else writeFileSync(file, bytes, { mode });
      }
    },
  };
}
