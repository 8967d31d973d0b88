/**
 * `npm run fuzz`: tries every reader of outside bytes or text with changed good inputs, for two minutes unless
 * said. Prints a line for each target. The first thing that must not be ends it with 1: an error that is no
 * Fault, a call of over 100 ms, a promise broken, a call without end; it is printed with what shows it again.
 *
 * With `--runs N` each target has N runs whatever is found in others, memory that grows without bound is found too,
 * and a table ends it.
 */
import { Worker } from "node:worker_threads";

import { systemChance } from "../../schemas/ground/index.ts";
import { type FuzzOptions, parseOptions, usage } from "./options.ts";
import { renderFinding } from "./report.ts";
import { openWatch, type Watch, watchBytes } from "./watch.ts";
import type { Said } from "./worker.ts";

const lookEveryMs = 1000;
/** No call is measured in seconds; one that took so many will not end. */
const patienceLooks = 15;
/** Memory of the trying thread: far more than all targets together need, far less than a machine has. */
const maxHeapMegabytes = 2048;

const terminal = process.stdout.isTTY;

function clearProgress(): void {
  if (terminal) process.stdout.write("\r\u001b[K");
}

function say(text: string): void {
  clearProgress();
  process.stdout.write(`${text}\n`);
}

function showProgress({ target, run }: { target: string; run: number }): void {
  clearProgress();
  process.stdout.write(`${target}  run ${run}`);
}

/** Ends the process with what was being tried. */
function stop(watch: Watch, seed: number, what: string): never {
  const seen = watch.look();
  say(seen === undefined ? what : renderFinding({ ...seen, seed, what }));
  process.exit(1);
}

/** Ends the process when one input is being tried for too long; meanwhile shows a terminal how far it is. */
function startWatching(watch: Watch, seed: number): void {
  let tried = -1;
  let looks = 0;
  setInterval(() => {
    const seen = watch.look();
    looks = seen === undefined || seen.tried !== tried ? 0 : looks + 1;
    tried = seen?.tried ?? -1;
    if (seen !== undefined && terminal) showProgress(seen);
    if (looks < patienceLooks) return;
    stop(watch, seed, `a call does not end within ${(patienceLooks * lookEveryMs) / 1000} s`);
  }, lookEveryMs).unref();
}

function start(options: FuzzOptions): void {
  const memory = new SharedArrayBuffer(watchBytes);
  const watch = openWatch(memory);
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    workerData: { options, memory },
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  });
  worker.on("message", ({ text, isProgress }: Said) => {
    if (!isProgress || !terminal) say(text);
  });
  worker.on("error", (error) => {
    const text = error instanceof Error ? error.message : String(error);
    if (watch.look() !== undefined) stop(watch, options.seed, text);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  });
  worker.on("exit", (code) => {
    process.exitCode ??= code;
  });
  startWatching(watch, options.seed);
}

try {
  const options = parseOptions(process.argv.slice(2), systemChance);
  const { seed, seconds, runs } = options;
  say(`seed ${seed}, ${runs === undefined ? `${seconds} s` : `${runs} runs of each target`}`);
  start(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
