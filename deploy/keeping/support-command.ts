import { existsSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { relative, resolve } from "node:path";
import process from "node:process";

import type { Command } from "commander";

import type { BrokerConfig, ToldStatus } from "../../broker/index.ts";
import {
  bareOf,
  type Desk,
  readLogTail,
  sizesOf,
  type Start,
  writeBundle,
} from "../../gateways/cli/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { configWords, findHubConfig } from "./find-config.ts";

/** What is asked of a hub, in figures and in words, by whoever knows how they are told. */
export interface HubTelling {
  readonly figures: (told: ToldStatus, now: number) => string;
  readonly troubles: (told: ToldStatus, now: number) => readonly string[];
}

interface SupportOptions {
  readonly out: string;
  readonly config?: string;
  readonly log?: string;
  readonly dryRun?: true;
}

const about = `What whoever helps you needs to see of a hub. Look through it before you give it away: all of it is plain text.

versions.json  versions of atumpan, Node and this machine's system
config.json    broker.json: numbers, yes and no; every path, address and name is left out; and which fields are wrong
status.json    how the broker says it stands: counts, codes and times
doctor.json    what is wrong with the hub or its log
sizes.json     how much lies in its folder, by what it is for
log.json       the last lines of its log, without ids, addresses and fingerprints
metrics.txt    the numbers

Not in it: messages, names of agencies' people, keys, tokens, file names, the audit record, the hub's log.
`;

function versionsOf({ world }: Desk): unknown {
  const { node, openssl } = process.versions;
  return {
    atumpan: world.version,
    node,
    openssl,
    system: [platform(), release(), arch()].join(" "),
  };
}

interface Read {
  readonly config?: BrokerConfig;
  readonly shown: unknown;
}

async function readConfig(file: string): Promise<Read> {
  const { loadBrokerConfig } = await import("../../broker/index.ts");
  try {
    const config = loadBrokerConfig(file);
    return { config, shown: bareOf(config) };
  } catch (error) {
    if (!isFault(error)) throw error;
    const wrong = error.violations.map(({ path, code }) => ({ code, path: /^[a-zA-Z0-9/]{0,60}$/.test(path) ? path : "" }));
    return { shown: { code: error.code, wrong } };
  }
} // prettier-ignore

async function readStatus(config: BrokerConfig | undefined): Promise<ToldStatus | undefined> {
  const { findToldStatus } = await import("../../broker/index.ts");
  return config === undefined ? undefined : findToldStatus(config.dir);
}

/** Members that we know, and of the witnesses how many are missing. */
function plainStatus(told: ToldStatus): unknown {
  const { at, ready, epoch, registerExpiresAt, accepted, refused, heldBack, underWay, stopped, log, witnesses } = told;
  const { size, checkpointAt, room, stopped: logStopped, waiting } = log ?? {};
  const { bytes, maxBytes, daysLeft } = room ?? {};
  const of = { size: witnesses?.size, at: witnesses?.at, missingSince: witnesses?.missingSince, missing: witnesses?.missing.length, isDisputed: witnesses?.isDisputed };
  const button = stopped === undefined ? undefined : { since: stopped.since, reason: stopped.reason };
  const plain = { at, ready, epoch, registerExpiresAt, accepted, refused, heldBack, underWay, stopped: button };
  return bareOf({ ...plain, log: { size, checkpointAt, bytes, maxBytes, daysLeft, stopped: logStopped, waiting }, witnesses: of });
} // prettier-ignore

const parts: readonly (readonly [RegExp, string])[] = [
  [/^log\//, "log"],
  [/^log-seen/, "log"],
  [/^audit\.jsonl$/, "audit"],
  [/^keys\//, "keys"],
];

function sizesIn(config: BrokerConfig): unknown {
  const stores = (config.cluster?.servers ?? [config.server]).map(({ storeDir }) => relative(config.dir, storeDir));
  return sizesOf(config.dir, (path) => {
    if (stores.some((store) => path.startsWith(`${store}/`))) return "server";
    return parts.find(([pattern]) => pattern.test(path))?.[1] ?? "others";
  });
} // prettier-ignore

/** The log that was named has to be there; the one that the configuration names may not have begun. */
function readLog(
  named: string | undefined,
  own: string | undefined,
): ReturnType<typeof readLogTail> {
  if (named !== undefined) return readLogTail(named);
  return own !== undefined && existsSync(own) ? readLogTail(own) : { lines: [], leftOut: 0 };
}

async function run(desk: Desk, options: SupportOptions, telling: HubTelling): Promise<number> {
  const { world } = desk;
  const { config, shown } = await readConfig(findHubConfig(world.cwd, options.config));
  const told = await readStatus(config);
  const now = world.clock.now();
  const log = readLog(options.log === undefined ? undefined : resolve(world.cwd, options.log), config?.log.file);
  const json = {
    "versions.json": versionsOf(desk),
    "config.json": shown,
    "status.json": told === undefined ? { runs: false } : plainStatus(told),
    // the words name witnesses, so they are counted and not told
    "doctor.json": { wrong: told === undefined ? 0 : telling.troubles(told, now).length, ready: told?.ready ?? false, stopped: told?.stopped !== undefined },
    "sizes.json": config === undefined ? {} : sizesIn(config),
    "log.json": log,
  };
  const files: Readonly<Record<string, string>> = {
    "README.txt": about,
    ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, `${JSON.stringify(value, undefined, 2)}\n`])),
    "metrics.txt": told === undefined ? "" : telling.figures(told, now),
  };
  return writeBundle(desk, resolve(world.cwd, options.out), { files, isTrial: options.dryRun === true });
} // prettier-ignore

/** Adds `hub support-bundle`: what whoever helps a hub needs to see, and nothing else. */
export function addHubSupport(hub: Command, program: Command, { start, telling }: { readonly start: Start; readonly telling: HubTelling }): void {
  hub
    .command("support-bundle")
    .description("write a folder for whoever helps: versions, numbers, state, findings, log; no content, no keys, no names")
    .requiredOption("--out <folder>", "a new folder")
    .option("--log <file>", "the broker's log; the one that its configuration names when left out")
    .option("--config <file>", configWords)
    .option("--dry-run", "list what would be in it, and write nothing")
    .action((options: SupportOptions) => {
      start(program.opts(), (desk) => run(desk, options, telling));
    });
} // prettier-ignore
