import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";

import type { GatewayHttp } from "../kit/gateway-http.ts";
import type { CommandRun, RegionProcess } from "../kit/region-process.ts";
import { until } from "../kit/server.ts";
import { centres, type Expected } from "./expected.ts";
import { findProblems } from "./find-problems.ts";
import type { MaritimeFile } from "./maritime-file.ts";
import { strike, type Strike } from "./strikes.ts";

/** What the command counted, as it prints it; `report` is the lines it listed. */
export interface ImportTally {
  readonly read: number;
  readonly accepted: number;
  readonly created: number;
  readonly already: number;
  readonly listed: number;
  readonly report: readonly number[];
}

const fileName = "attacks.csv";
const reportName = "report.jsonl";
/** How long anything may take before it counts as hung; ten times what it takes on a quiet machine. */
const hungSeconds = 600;

/** Puts the file where the region's commands find it. */
export function placeFile(region: RegionProcess, { text }: MaritimeFile): void {
  writeFileSync(join(region.home, fileName), text);
}

/** @param inFlight rows under way at once: fewer make it last longer */
function startImport(region: RegionProcess, inFlight: number): CommandRun {
  const options = ["--report", reportName, "--in-flight", String(inFlight)];
  return region.command("--json", "import", "maritime", fileName, ...options);
}

async function readTally(region: RegionProcess, run: CommandRun): Promise<ImportTally> {
  const { code, out, err } = await run.ended;
  if (code !== 0) throw new Error(`the import ended with ${code}: ${err}`);
  const report = readFileSync(join(region.home, reportName), "utf8").trim().split("\n");
  return {
    ...(JSON.parse(out) as Omit<ImportTally, "report">),
    report: report.map((line) => (JSON.parse(line) as { line: number }).line),
  };
}

/** Imports the file placed before, undisturbed. */
export async function runImport(region: RegionProcess): Promise<ImportTally> {
  return await readTally(region, startImport(region, 16));
}

/** An import, as a person sees to it who has to get it through. */
interface KeptImport {
  /** Kills the command and runs it again. */
  kill(): Promise<void>;
  /** What the last run counted. */
  ended(): Promise<ImportTally>;
}

/** A command that is given no answer at its very start says so and ends; then it is run again. */
function keepImporting(region: RegionProcess, inFlight: number): KeptImport {
  const start = (): CommandRun => {
    const run = startImport(region, inFlight);
    // one that is killed is replaced; what the last ends with is looked at in the end
    run.ended.catch(() => undefined);
    return run;
  };
  let run = start();
  let replacing: Promise<void> | undefined;
  const replace = async (): Promise<void> => {
    await run.kill();
    run = start();
  };
  const turnedAway = async (): Promise<boolean> => {
    const one = run;
    const { code, err } = await one.ended.catch(() => ({ code: 0, err: "" }));
    await replacing;
    if (run !== one) return true;
    if (code === 0 || !err.includes("GATEWAY_UNREACHABLE")) return false;
    await pause(1_000);
    run = start();
    return true;
  };
  const watching = (async (): Promise<void> => {
    while (await turnedAway());
  })();
  return {
    kill: async () => {
      replacing = replace();
      await replacing;
    },
    ended: async () => {
      await watching;
      return await readTally(region, run);
    },
  };
}

/** Forty gateways in one process that answer without end get nothing else done. */
const lookMs = 250;

async function countReceived(http: GatewayHttp): Promise<number | undefined> {
  await pause(lookMs);
  const states = await Promise.all(centres.map((centre) => http.status(centre)));
  return states.reduce<number | undefined>(
    (sum, state) => (sum === undefined || state === undefined ? undefined : sum + state.inbox),
    0,
  );
}

/** What blows that fell together cost. */
export interface Blow {
  readonly targets: readonly string[];
  /** Milliseconds from the first of them until every gateway answered and had its link again. */
  readonly recoveredMs: number;
}

/** Asks one after the other and stops at the first that has none: while it has not, the others' do not matter. */
async function areLinksUp(http: GatewayHttp): Promise<boolean> {
  await pause(lookMs);
  for (const agency of http.agencies) {
    if ((await http.status(agency))?.linkUp !== true) return false;
  }
  return true;
}

/** A region with what reads it. */
export interface Scene {
  readonly region: RegionProcess;
  readonly http: GatewayHttp;
  readonly expected: Expected;
}

/**
 * Imports the file placed before while blows fall, each when its share of the deliveries has arrived and the
 * links stand after those before; blows of the same moment fall one upon the other. Where the import itself
 * is struck, it is run again.
 */
export async function runImportUnder(
  { region, http, expected }: Scene,
  { strikes, inFlight }: { strikes: readonly Strike[]; inFlight: number },
): Promise<{ tally: ImportTally; blows: readonly Blow[] }> {
  const total = centres.reduce((sum, centre) => sum + (expected.inboxes.get(centre)?.size ?? 0), 0);
  const importing = keepImporting(region, inFlight);
  const blows: Blow[] = [];
  for (const [at, together] of Map.groupBy(strikes, (one) => one.at)) {
    const hasCome = async (): Promise<boolean> => ((await countReceived(http)) ?? 0) >= at * total;
    await until(`${Math.round(at * 100)} % are delivered`, hasCome, hungSeconds);
    const began = performance.now();
    for (const { target } of together) {
      if (target === "import") await importing.kill();
      else await strike(region, target);
    }
    const targets = together.map(({ target }) => target);
    // a link that was cut is noticed a moment later
    await pause(500);
    await until(`links stand after ${targets.join(", ")}`, () => areLinksUp(http), hungSeconds);
    blows.push({ targets, recoveredMs: Math.round(performance.now() - began) });
  }
  return { tally: await importing.ended(), blows };
}

async function isSettled({ http, expected }: Scene): Promise<boolean> {
  for (const agency of http.agencies) {
    const status = await http.status(agency);
    if (status === undefined || !status.linkUp || status.waiting > 0) return false;
    if (status.inbox < (expected.inboxes.get(agency)?.size ?? 0)) return false;
    if (await http.hasOpen(agency)) return false;
  }
  return true;
}

/** Waits until nothing moves any more, and says what is then not as it should be; see `findProblems`. */
export async function settle(scene: Scene, seconds: number): Promise<readonly string[]> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && !(await isSettled(scene))) await pause(500);
  return await findProblems(scene.http, scene.expected);
}
