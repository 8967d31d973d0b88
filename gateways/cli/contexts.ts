import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";

/** One gateway that may be asked. */
export interface Context {
  /** The agency whose gateway it is. */
  readonly name: string;
  /** No slash at the end. */
  readonly url: string;
  /** Absolute path. */
  readonly tokenFile: string;
}

const maxFileBytes = 1024 * 1024;
const fileShape = z.strictObject({
  contexts: z.record(
    z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
    z.strictObject({ url: z.url({ protocol: /^https?$/ }), tokenFile: z.string().min(1) }),
  ),
});

function findFile(from: string): string | undefined {
  const file = join(from, ".atumpan", "contexts.json");
  if (existsSync(file)) return file;
  const parent = dirname(from);
  return parent === from ? undefined : findFile(parent);
}

function parseFile(file: string): z.infer<typeof fileShape> {
  try {
    return fileShape.parse(parseJsonText(readFileSync(file, "utf8"), maxFileBytes));
  } catch (error) {
    const what = isFault(error) ? error.detail : "a context has a url and a tokenFile";
    throw new Fault("CONFIG_INVALID", `${file}: ${what}`, { cause: error });
  }
}

/**
 * The gateways named in `.atumpan/contexts.json` of a folder or the nearest folder above it; none when
 * there is no such file. Token files are found from the folder in which `.atumpan` lies.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadContexts(cwd: string): readonly Context[] {
  const file = findFile(resolve(cwd));
  if (file === undefined) return [];
  const home = dirname(dirname(file));
  return Object.entries(parseFile(file).contexts).map(([name, { url, tokenFile }]) => ({
    name,
    url: url.replace(/\/+$/, ""),
    tokenFile: resolve(home, tokenFile),
  }));
}

/**
 * The context of this name; without a name the only one there is.
 *
 * @throws {Fault} CONTEXT_UNKNOWN
 */
export function chooseContext(contexts: readonly Context[], name: string | undefined): Context {
  const names = contexts.map((context) => context.name).join(", ");
  if (contexts.length === 0) {
    throw new Fault("CONTEXT_UNKNOWN", "there is no .atumpan/contexts.json here or above");
  }
  if (name === undefined && contexts.length > 1) {
    throw new Fault("CONTEXT_UNKNOWN", `say with --as which of ${names}`);
  }
  const chosen = name === undefined ? contexts[0] : contexts.find((one) => one.name === name);
  if (chosen === undefined) throw new Fault("CONTEXT_UNKNOWN", `the contexts are ${names}`);
  return chosen;
}

/**
 * The token of a context.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadContextToken({ tokenFile }: Context): string {
  try {
    return readFileSync(tokenFile, "utf8").trim();
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${tokenFile} cannot be read`);
  }
}
