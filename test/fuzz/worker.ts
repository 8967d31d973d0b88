/** The thread that tries inputs. What it tries stands in shared memory, so that a call without end is seen. */
import { parentPort, workerData } from "node:worker_threads";

import { makeTargets } from "./all-targets.ts";
import { type CampaignTally, runCampaign } from "./campaign.ts";
import type { FuzzOptions } from "./options.ts";
import { renderFinding, renderTable, renderTally } from "./report.ts";
import { type Finding, runTarget, type Tally, tryInput } from "./run-target.ts";
import type { Target } from "./target.ts";
import { openWatch, type Watch } from "./watch.ts";

/** What the thread is given. */
interface Job {
  readonly options: FuzzOptions;
  readonly memory: SharedArrayBuffer;
}

/** What the thread says: a line to keep, or one that a terminal's progress says already. */
export interface Said {
  readonly text: string;
  readonly isProgress: boolean;
}

/** Decoders of single messages are many and alike; every other target has three times their time. */
function shareOf({ name }: Target): number {
  return name.startsWith("schemas/decode") ? 1 : 3;
}

function say(text: string, isProgress = false): void {
  // a thread's port has no origin to name, unlike a window
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage({ text, isProgress } satisfies Said);
}

function chooseTargets(all: readonly Target[], wanted: string | undefined): readonly Target[] {
  const exact = all.filter(({ name }) => name === wanted);
  const chosen = all.filter(({ name }) => wanted === undefined || name.includes(wanted));
  if (chosen.length === 0) {
    throw new Error(`no target is named so; there are:\n${all.map(({ name }) => name).join("\n")}`);
  }
  return exact.length > 0 ? exact : chosen;
}

async function tryOne(target: Target, input: Uint8Array): Promise<boolean> {
  const outcome = await tryInput(target, input);
  if ("error" in outcome) {
    say(`${target.name}: ${outcome.error instanceof Error ? outcome.error.stack : String(outcome.error)}`);
    return false;
  }
  say(`${target.name}: ${outcome.code ?? "taken"}`);
  return true;
} // prettier-ignore

/** A good input that is not taken would leave its reader untried. */
async function checkSeeds(target: Target, seed: number): Promise<Finding | undefined> {
  for (const input of target.seeds) {
    const outcome = await tryInput(target, input);
    if ("code" in outcome && outcome.code === undefined) continue;
    const what = `a good input is not taken: ${"code" in outcome ? outcome.code : String(outcome.error)}`;
    return { target: target.name, seed, run: -1, input, what };
  }
  return undefined;
}

interface Task {
  readonly options: FuzzOptions;
  readonly targets: readonly Target[];
  readonly watch: Watch;
}

function noteIn(watch: Watch): (run: number, input: Uint8Array) => void {
  return (run, input) => watch.note(run, input);
}

async function runFor(target: Target, seconds: number, { options, watch }: Task): Promise<Tally> {
  const { seed, from } = options;
  const until = performance.now() + seconds * 1000;
  const isOver = (): boolean => performance.now() >= until;
  return await runTarget(target, { seed, from, isOver, onRun: noteIn(watch) });
}

/** Tries each target for its share of the time; false as soon as something was found. */
async function fuzzForSeconds(task: Task): Promise<boolean> {
  const { options, targets, watch } = task;
  const { seed, seconds } = options;
  const shares = targets.reduce((sum, target) => sum + shareOf(target), 0);
  let runs = 0;
  for (const target of targets) {
    const before = process.memoryUsage.rss();
    watch.begin(target.name);
    const share = (seconds * shareOf(target)) / shares;
    const unfit = await checkSeeds(target, seed);
    const tally = await runFor(target, unfit === undefined ? share : 0, task);
    watch.end();
    runs += tally.runs;
    say(renderTally(tally, process.memoryUsage.rss() - before));
    const finding = unfit ?? tally.finding;
    if (finding === undefined) continue;
    say(renderFinding(finding));
    return false;
  }
  say(`${targets.length} targets, ${runs} runs, seed ${seed}: nothing found`);
  return true;
}

async function runMany(target: Target, runs: number, { options, watch }: Task): Promise<CampaignTally> {
  const { seed, from } = options;
  watch.begin(target.name);
  const unfit = await checkSeeds(target, seed);
  const plan = { seed, from, runs: unfit === undefined ? runs : 0, onRun: noteIn(watch) };
  const tally = await runCampaign(target, plan);
  watch.end();
  return unfit === undefined ? tally : { ...tally, finding: unfit };
} // prettier-ignore

/** Gives each target its runs, whatever was found in another; ends with a table. */
async function fuzzForRuns(task: Task, runs: number): Promise<boolean> {
  const { options, targets } = task;
  const tallies: CampaignTally[] = [];
  for (const target of targets) {
    const tally = await runMany(target, runs, task);
    tallies.push(tally);
    say(renderTally(tally, tally.peakGrownBytes), true);
    if (tally.finding !== undefined) say(renderFinding(tally.finding));
  }
  const found = tallies.filter(({ finding }) => finding !== undefined).length;
  say(renderTable(tallies));
  say(`${targets.length} targets, seed ${options.seed}: ${found === 0 ? "nothing" : found} found`);
  return found === 0;
}

async function fuzz({ options, memory }: Job): Promise<boolean> {
  const watch = openWatch(memory);
  const { input, runs } = options;
  const targets = chooseTargets(await makeTargets(), options.target);
  if (input !== undefined) {
    const held = await Promise.all(targets.map((target) => tryOne(target, input)));
    return held.every(Boolean);
  }
  const task = { options, targets, watch };
  return runs === undefined ? await fuzzForSeconds(task) : await fuzzForRuns(task, runs);
}

const isClean = await fuzz(workerData as Job);
// stores and folders of the targets are closed on the way out
process.exit(isClean ? 0 : 1);
