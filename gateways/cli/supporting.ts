import { existsSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { resolve } from "node:path";
import process from "node:process";

import { Fault, isFault, tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { examineHere, findFolder } from "./doctoring.ts";
import { statusShape } from "./shapes.ts";
import { bareMetrics, bareOf, sizesOf } from "./support-bare.ts";
import { type LogTail, readLogTail } from "./support-log.ts";
import { writeBundle } from "./support-write.ts";
import { type Say, sayOf } from "./words.ts";

/** What a bundle is made from. */
export interface SupportOptions {
  readonly out: string;
  readonly folder?: string;
  readonly log?: string;
  readonly dryRun?: true;
}

const bundled = ["versions", "config", "status", "doctor", "log", "health", "sizes"] as const;

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

/** Whether it can work; only the members that this edition knows. */
async function healthOf(desk: Desk): Promise<unknown> {
  try {
    const answer = await desk.client().ask({ path: "/readyz" });
    return bareOf(await answer.json());
  } catch (error) {
    return { notAnswered: isFault(error) ? error.code : "GATEWAY_UNREACHABLE" };
  }
}

async function metricsOf(desk: Desk): Promise<string> {
  try {
    const answer = await desk.client().ask({ path: "/metrics" });
    return answer.ok ? bareMetrics(await answer.text()) : "";
  } catch (error) {
    if (isFault(error)) return "";
    throw error;
  }
}

async function configOf({ world }: Desk, dir: string | undefined): Promise<unknown> {
  if (dir === undefined || world.seeConfig === undefined) return {};
  const { problems, shown } = await world.seeConfig(dir);
  // of a field that there is none of, somebody may have written anything
  const told = problems.map(({ field, code, kind }) => ({
    code,
    kind,
    ...(kind === "FIELD_UNKNOWN" ? {} : { field }),
  }));
  return { shown: bareOf(shown), problems: told };
}

const parts: readonly (readonly [RegExp, string])[] = [
  [/^store\.db/, "store"],
  [/^attachments\//, "attachments"],
  [/^backups\//, "backups"],
  [/^keys\//, "keys"],
  [/^register\.bin/, "register"],
];

function partOf(path: string): string {
  return parts.find(([pattern]) => pattern.test(path))?.[1] ?? "others";
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
  if (existsSync(folder)) throw new Fault("USAGE_INVALID", `${folder} is there already; name a new folder with --out`);
  const dir = findFolder(desk, options);
  const findings = await examineHere(desk, options.folder === undefined ? {} : { folder: options.folder });
  const told: Readonly<Record<string, unknown>> = {
    "versions.json": versionsOf(desk),
    "config.json": await configOf(desk, dir),
    "status.json": bareOf(await statusOf(desk)),
    "doctor.json": { findings: findings.map((one) => bareOf(one)) },
    "health.json": await healthOf(desk),
    "sizes.json": dir === undefined ? {} : sizesOf(dir, partOf),
    "log.json": log,
  };
  const rendered: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(told).map(([name, value]) => [name, `${JSON.stringify(value, undefined, 2)}\n`]),
  );
  const files = { "README.txt": renderAbout(say), ...rendered, "metrics.txt": await metricsOf(desk) };
  const code = writeBundle(desk, folder, { files, isTrial: options.dryRun === true });
  desk.say(say("support.taken", { taken: log.lines.length, left: log.leftOut }));
  return code;
} // prettier-ignore
