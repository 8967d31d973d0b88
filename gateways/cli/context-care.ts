import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import {
  chooseContext,
  type Context,
  contextsShape,
  findContextsFile,
  homeOf,
  readContextsFile,
} from "./contexts.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";

type Contexts = z.infer<typeof contextsShape>;

/** What is said of a new context. */
export interface AddOptions {
  readonly url: string;
  readonly tokenFile?: string;
  readonly client?: string;
  readonly secretFile?: string;
  readonly caFile?: string;
  readonly here?: true;
}

const none = "no contexts are known here; add one: atumpan context add";

/** The gateways that are known here. Asks none of them. */
export function runContexts(desk: Desk): number {
  const contexts = desk.contexts();
  if (contexts.length === 0) throw new Fault("CONTEXT_UNKNOWN", none);
  const rows = contexts.map(({ name, url, isSelected }) =>
    isSelected === true ? [name, url, "selected"] : [name, url],
  );
  desk.result({ contexts }, renderTable(rows));
  return exitCodes.ok;
}

/** Written whole or not at all; nobody else may write it. */
function saveContexts(file: string, contexts: Contexts): void {
  const parsed = tryShape(contextsShape, contexts);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(" ") ?? "";
    throw new Fault("USAGE_INVALID", `${where} ${issue?.message ?? "is wrong"}`.trim());
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(parsed.data, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function fileFor({ world }: Desk, { here }: AddOptions): string {
  const found = findContextsFile(world);
  const own = world.configHome;
  if (here === true || own === undefined) {
    const near = join(world.cwd, ".atumpan", "contexts.json");
    return here === true ? near : (found ?? near);
  }
  return found ?? join(own, "atumpan", "contexts.json");
}

/** Adds a context, or says anew how a known one is reached. */
export function runContextAdd(desk: Desk, agency: string, options: AddOptions): number {
  const file = fileFor(desk, options);
  const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
  const before: Contexts = isThere ? readContextsFile(file) : { contexts: {} };
  const at = (one: string): string => {
    const path = resolve(desk.world.cwd, one);
    const near = relative(homeOf(file), path);
    return near.startsWith("..") ? path : near;
  };
  const { url, tokenFile, client: id, secretFile, caFile } = options;
  if ((id === undefined) !== (secretFile === undefined)) {
    throw new Fault("USAGE_INVALID", "--client and --secret-file go together");
  }
  if ((tokenFile === undefined) === (id === undefined)) {
    throw new Fault("USAGE_INVALID", "say --token-file FILE, or --client ID and --secret-file FILE");
  }
  const client = id === undefined || secretFile === undefined ? {} : { client: { id, secretFile: at(secretFile) } };
  const context = {
    url,
    ...(tokenFile === undefined ? {} : { tokenFile: at(tokenFile) }),
    ...client,
    ...(caFile === undefined ? {} : { caFile: at(caFile) }),
  };
  saveContexts(file, { ...before, contexts: { ...before.contexts, [agency]: context } });
  desk.result({ file, agency }, file);
  desk.say(`Next: atumpan context validate ${agency}`);
  return exitCodes.ok;
} // prettier-ignore

/** Chooses the gateway that is asked when none is named. */
export function runContextSelect(desk: Desk, agency: string): number {
  const { name } = chooseContext(desk.contexts(), agency);
  const file = findContextsFile(desk.world);
  if (file === undefined) throw new Fault("CONTEXT_UNKNOWN", none);
  saveContexts(file, { ...readContextsFile(file), selected: name });
  desk.result({ file, selected: name }, name);
  return exitCodes.ok;
}

function chooseNamed(desk: Desk, agency: string | undefined): Context {
  return agency === undefined ? desk.chosen() : chooseContext(desk.contexts(), agency);
}

/** The gateway that would be asked. */
export function runContextShow(desk: Desk, agency: string | undefined): number {
  const context = chooseNamed(desk, agency);
  const file = findContextsFile(desk.world) ?? "";
  const { name, url, tokenFile, client, caFile } = context;
  const proof = tokenFile ?? `${client?.id ?? ""}, secret in ${client?.secretFile ?? ""}`;
  const lines = [name, `  url     ${url}`, `  asks by ${proof}`, `  from    ${file}`];
  const pinned = caFile === undefined ? [] : [`  trusts  ${caFile}`];
  desk.result({ ...context, file }, [...lines, ...pinned].join("\n"));
  return exitCodes.ok;
}

/** Tries a context: somebody answers, knows us, and is the agency that is named. */
export async function runContextValidate(desk: Desk, agency: string | undefined): Promise<number> {
  const context = chooseNamed(desk, agency);
  if (context.caFile === undefined && isFarAndPlain(context.url)) {
    throw new Fault("CONFIG_INVALID", `${context.url} is another machine: its url begins with https`);
  }
  const shape = z.looseObject({ agency: z.string() });
  const found = await desk.clientOf(context).askFor(shape, { path: "/v1/status" });
  if (found.agency !== context.name) {
    throw new Fault("CONFIG_INVALID", `${context.url} is the gateway of ${found.agency}, not of ${context.name}`);
  }
  desk.result({ agency: found.agency, url: context.url, good: true }, `${context.name}: good`);
  return exitCodes.ok;
} // prettier-ignore

const here = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isFarAndPlain(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !here.has(hostname);
}
