import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { Fault, isFault } from "../../schemas/ground/index.ts";

/** One gateway that may be asked. */
export interface Context {
  /** The agency whose gateway it is. */
  readonly name: string;
  /** No slash at the end. */
  readonly url: string;
  /** Absolute path; not there of a machine that proves itself by a secret. */
  readonly tokenFile?: string;
  /** How a machine asks for its tokens; the file holds the secret alone. Absolute path. */
  readonly client?: { readonly id: string; readonly secretFile: string };
  /** The only authorities believed of its server, PEM. Absolute path. */
  readonly caFile?: string;
  /** Whether it is asked when none is named. */
  readonly isSelected?: true;
}

/** Where contexts are looked for: the nearest `.atumpan` from the folder up, else the person's own settings. */
export interface ContextPlaces {
  readonly cwd: string;
  /** `~/.config`, or what XDG_CONFIG_HOME names. */
  readonly configHome?: string;
}

const maxFileBytes = 1024 * 1024;
const path = z.string().min(1).max(1000);
const contextShape = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).max(400),
    tokenFile: path.optional(),
    client: z.strictObject({ id: z.string().min(1).max(200), secretFile: path }).optional(),
    caFile: path.optional(),
  })
  .refine(
    ({ tokenFile, client }) => (tokenFile === undefined) !== (client === undefined),
    "names a tokenFile or a client",
  );
const agency = z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/);

/** What a contexts file holds. */
export const contextsShape = z.strictObject({
  selected: agency.optional(),
  contexts: z.record(agency, contextShape),
});

function findUpwards(from: string): string | undefined {
  const file = join(from, ".atumpan", "contexts.json");
  if (existsSync(file)) return file;
  const parent = dirname(from);
  return parent === from ? undefined : findUpwards(parent);
}

/** The contexts file that is in use; undefined when there is none. */
export function findContextsFile({ cwd, configHome }: ContextPlaces): string | undefined {
  const near = findUpwards(resolve(cwd));
  if (near !== undefined || configHome === undefined) return near;
  const own = join(configHome, "atumpan", "contexts.json");
  return existsSync(own) ? own : undefined;
}

/** The folder from which a contexts file's paths are meant. */
export function homeOf(file: string): string {
  const folder = dirname(file);
  return basename(folder) === ".atumpan" ? dirname(folder) : folder;
}

/**
 * Reads a contexts file.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function readContextsFile(file: string): z.infer<typeof contextsShape> {
  try {
    return contextsShape.parse(parseJsonText(readFileSync(file, "utf8"), maxFileBytes));
  } catch (error) {
    const what = isFault(error)
      ? error.detail
      : "a context has a url, and a tokenFile or a client with id and secretFile";
    throw new Fault("CONFIG_INVALID", `${file}: ${what}`, { cause: error });
  }
}

/**
 * The gateways that are known here; none when there is no file. Paths in a file of `.atumpan` are meant from the folder in
 * which `.atumpan` lies, those of the person's own settings from beside the file.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadContexts(places: ContextPlaces): readonly Context[] {
  const file = findContextsFile(places);
  if (file === undefined) return [];
  const at = (one: string): string => resolve(homeOf(file), one);
  const { selected, contexts } = readContextsFile(file);
  return Object.entries(contexts).map(([name, { url, tokenFile, client, caFile }]) => ({
    name,
    url: url.replace(/\/+$/, ""),
    ...(tokenFile === undefined ? {} : { tokenFile: at(tokenFile) }),
    ...(client === undefined ? {} : { client: { ...client, secretFile: at(client.secretFile) } }),
    ...(caFile === undefined ? {} : { caFile: at(caFile) }),
    ...(name === selected ? { isSelected: true as const } : {}),
  }));
}

/**
 * The context of this name; without a name the selected one, or the only one there is.
 *
 * @throws {Fault} CONTEXT_UNKNOWN
 */
export function chooseContext(contexts: readonly Context[], name: string | undefined): Context {
  const names = contexts.map((context) => context.name).join(", ");
  if (contexts.length === 0) {
    throw new Fault("CONTEXT_UNKNOWN", "there is no .atumpan/contexts.json here or above");
  }
  const selected = contexts.find((one) => one.isSelected) ?? contexts[0];
  if (name === undefined && contexts.length > 1 && selected?.isSelected === undefined) {
    throw new Fault("CONTEXT_UNKNOWN", `say with --as which of ${names}`);
  }
  const chosen = name === undefined ? selected : contexts.find((one) => one.name === name);
  if (chosen === undefined) throw new Fault("CONTEXT_UNKNOWN", `the contexts are ${names}`);
  return chosen;
}
