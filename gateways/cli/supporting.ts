import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { arch, homedir, platform, release } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import process from "node:process";

import { Fault, isFault, toFault, tryShape } from "../../schemas/ground/index.ts";
import type { Finding } from "../doctor/index.ts";
import type { Desk } from "./desk.ts";
import { examineHere, findFolder } from "./doctoring.ts";
import { exitCodes } from "./exit-codes.ts";
import { statusShape } from "./shapes.ts";
import { type LogTail, readLogTail } from "./support-log.ts";
import { type Say, sayOf } from "./words.ts";

/** What a bundle is made from. */
export interface SupportOptions {
  readonly out: string;
  readonly folder?: string;
  readonly log?: string;
}

const bundled = ["versions", "config", "status", "doctor", "log"] as const;

/** What lies in a bundle, for whoever makes it: he is to look through it. */
function renderAbout(say: Say): string {
  const files = bundled.map((name) => `${`${name}.json`.padEnd(13)}  ${say(`support.${name}`)}`);
  return [say("support.about"), "", ...files, "", say("support.without"), ""].join("\n");
}

function versionsOf({ world }: Desk): unknown {
  const { node, v8, openssl, icu, tz, unicode } = process.versions;
  const libraries = { v8, openssl, icu, tz, unicode };
  return { atumpan: world.version, node, libraries, system: [platform(), release(), arch()].join(" ") };
} // prettier-ignore

/** Only the members that this edition knows: counts, codes and times. */
async function statusOf(desk: Desk): Promise<unknown> {
  try {
    const said = await desk.client().askFor(statusShape.or(statusShape.partial()), { path: "/v1/status" });
    const known = tryShape(statusShape.partial().strip(), said);
    if (!known.success) return {};
    const { hub, ...rest } = known.data;
    // why a line broke is told by its code: the system's own words may name anything
    const { lastFailure, ...line } = hub ?? { isUp: false };
    const failure = lastFailure === undefined ? {} : { lastFailure: { at: lastFailure.at, code: lastFailure.code } };
    return hub === undefined ? rest : { ...rest, hub: { ...line, ...failure } };
  } catch (error) {
    if (isFault(error)) return { notAnswered: error.code };
    throw error;
  }
} // prettier-ignore

/** A path without the names of the folders it lies in; they may be a person's. */
function shortPath(path: string, dir: string | undefined): string {
  const below = dir === undefined ? ".." : relative(dir, path);
  return below.startsWith("..") ? basename(path) : join("FOLDER", below);
}

function shortFinding({ check, state, code, facts }: Finding, dir: string | undefined): unknown {
  const told = Object.entries(facts).map(([name, value]) => [
    name,
    name === "file" && typeof value === "string" ? shortPath(value, dir) : value,
  ]);
  return { check, state, code, facts: Object.fromEntries(told) as unknown };
}

/** Paths in texts likewise; a home folder carries a person's name. */
function hidePaths(text: string, dir: string | undefined): string {
  const short = dir === undefined ? text : text.replaceAll(dir, "FOLDER");
  const home = homedir();
  return home.length > 1 ? short.replaceAll(home, "HOME") : short;
}

async function configOf({ world }: Desk, dir: string | undefined): Promise<unknown> {
  if (dir === undefined || world.seeConfig === undefined) return {};
  return await world.seeConfig(dir);
}

function startFolder(folder: string): void {
  if (existsSync(folder)) {
    throw new Fault("USAGE_INVALID", `${folder} is there already; name a new folder with --out`);
  }
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${folder} cannot be made`);
  }
}

/**
 * Writes what whoever helps needs to see into a new folder that nobody else may read: never content, keys, tokens or names
 * of persons. What cannot be asked is left out, and that is said.
 *
 * @throws {Fault} USAGE_INVALID
 */
export async function runSupportBundle(desk: Desk, options: SupportOptions): Promise<number> {
  const { world } = desk;
  const say = sayOf(desk);
  const folder = resolve(world.cwd, options.out);
  const log: LogTail = options.log === undefined ? { lines: [], leftOut: 0 } : readLogTail(resolve(world.cwd, options.log));
  startFolder(folder);
  const dir = findFolder(desk, options);
  const findings = await examineHere(desk, options.folder === undefined ? {} : { folder: options.folder });
  const files: Readonly<Record<string, unknown>> = {
    "versions.json": versionsOf(desk),
    "config.json": await configOf(desk, dir),
    "status.json": await statusOf(desk),
    "doctor.json": { findings: findings.map((one) => shortFinding(one, dir)) },
    "log.json": log,
  };
  writeFileSync(join(folder, "README.txt"), renderAbout(say), { mode: 0o600, flag: "wx" });
  for (const [name, value] of Object.entries(files)) {
    const text = hidePaths(JSON.stringify(value, undefined, 2), dir);
    writeFileSync(join(folder, name), `${text}\n`, { mode: 0o600, flag: "wx" });
  }
  const names = ["README.txt", ...Object.keys(files)];
  desk.result({ folder, files: names }, [folder, ...names.map((name) => `  ${name}`)].join("\n"));
  desk.say(say("support.taken", { taken: log.lines.length, left: log.leftOut }));
  return exitCodes.ok;
} // prettier-ignore
