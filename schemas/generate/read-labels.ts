import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

/** The languages in which every label stands. */
export const languages = ["en", "fr", "pt", "ar", "es", "sw"] as const;

const label = z.record(z.string(), z.string());
const forms = z.record(z.enum(languages), z.record(z.string(), z.string().includes("{n}")));
const section = z.record(z.string(), label);

const codeListFile = z.strictObject({
  list: z.string(),
  version: z.int().min(1),
  source: z.string().min(1),
  counted: z.boolean().optional(),
  codes: z
    .array(
      z.strictObject({
        code: z.string(),
        labels: label,
        forms: forms.optional(),
        also: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1),
});
const fieldFile = z.strictObject({ types: section, fields: section });

/** One label in all languages. */
export type Labels = Readonly<Record<string, string>>;

/** A code list as its file says it. */
export type SourceList = z.infer<typeof codeListFile>;

/** Every label there is, as the files say them, and what is wrong with the files. */
export interface LabelSources {
  readonly lists: ReadonlyMap<string, SourceList>;
  readonly types: ReadonlyMap<string, Labels>;
  readonly fields: ReadonlyMap<string, Labels>;
  readonly words: ReadonlyMap<string, Labels>;
  readonly faults: ReadonlyMap<string, Labels>;
  /** By language, the labels a native reader confirmed: their key and the SHA-256 of the text. */
  readonly confirmed: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly problems: readonly string[];
}

class Collection {
  readonly problems: string[] = [];

  read<T>(path: string, shape: z.ZodType<T>): T | undefined {
    let json: unknown;
    try {
      json = JSON.parse(readFileSync(path, "utf8"));
    } catch {
      this.problems.push(`${basename(path)}: is not JSON`);
      return undefined;
    }
    const read = shape.safeParse(json);
    if (read.success) return read.data;
    for (const { path: at, message } of read.error.issues) {
      this.problems.push(`${basename(path)}: ${at.join("/")}: ${message}`);
    }
    return undefined;
  }

  /** Joins sections of several files; a name in two of them has no owner. */
  join(
    found: readonly (readonly [string, Readonly<Record<string, Labels>>])[],
  ): Map<string, Labels> {
    const joined = new Map<string, Labels>();
    for (const [file, names] of found) {
      for (const [name, labels] of Object.entries(names)) {
        if (joined.has(name)) this.problems.push(`${file}: ${name} is labelled elsewhere too`);
        joined.set(name, labels);
      }
    }
    return joined;
  }
}

function jsonIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => join(folder, file));
}

function readFiles<T>(
  all: Collection,
  paths: readonly string[],
  shape: z.ZodType<T>,
): readonly (readonly [string, T])[] {
  return paths.flatMap((path) => {
    const read = all.read(path, shape);
    return read === undefined ? [] : [[basename(path), read] as const];
  });
}

function readLists(all: Collection, root: string): ReadonlyMap<string, SourceList> {
  const paths = jsonIn(root).filter((path) => basename(path) !== "words.json");
  const found = readFiles(all, paths, codeListFile);
  for (const [file, { list }] of found) {
    if (file !== `${list}.json`) all.problems.push(`${file}: says it is ${list}`);
  }
  return new Map(found.map(([, list]) => [list.list, list]));
}

/** Reads everything under schemas/codes. A file that cannot be read is a problem, not an end. */
export function readLabels(root: string): LabelSources {
  const all = new Collection();
  const lists = readLists(all, root);
  const fieldFiles = readFiles(all, jsonIn(join(root, "fields")), fieldFile);
  const faultFiles = readFiles(all, jsonIn(join(root, "faults")), section);
  const wordFiles = readFiles(all, [join(root, "words.json")], section);
  const confirmedFiles = jsonIn(join(root, "confirmed"));
  const confirmed = readFiles(all, confirmedFiles, z.record(z.string(), z.string()));
  return {
    lists,
    types: all.join(fieldFiles.map(([file, { types }]) => [file, types] as const)),
    fields: all.join(fieldFiles.map(([file, { fields }]) => [file, fields] as const)),
    words: all.join(wordFiles),
    faults: all.join(faultFiles),
    confirmed: new Map(confirmed.map(([file, keys]) => [basename(file, ".json"), keys])),
    problems: all.problems,
  };
}
