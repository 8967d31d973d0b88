/**
 * `npm run fuzz`: tries every reader of outside bytes or text with changed good inputs, for two minutes unless
 * said. Prints a line for each target. The first thing that must not be ends it with 1: an error that is no
 * Fault, a call of over 100 ms, a promise broken, a call without end; it is printed with what shows it again.
 */
import { Worker } from "node:worker_threads";

import { systemChance } from "../../schemas/ground/index.ts";
import { type FuzzOptions, parseOptions, usage } from "./options.ts";
import { renderFinding } from "./report.ts";
import { openWatch, watchBytes } from "./watch.ts";

const lookEveryMs = 1000;
/** No call is measured in seconds; one that took so many will not end. */
const patienceLooks = 15;

/** Ends the process when one input is being tried for too long. */
function startWatching(memory: SharedArrayBuffer, seed: number): void {
  const watch = openWatch(memory);
  let tried = -1;
  let looks = 0;
  setInterval(() => {
    const seen = watch.look();
    looks = seen === undefined || seen.tried !== tried ? 0 : looks + 1;
    tried = seen?.tried ?? -1;
    if (seen === undefined || looks < patienceLooks) return;
    const what = `a call does not end within ${(patienceLooks * lookEveryMs) / 1000} s`;
    process.stdout.write(`${renderFinding({ ...seen, seed, what })}\n`);
    process.exit(1);
  }, lookEveryMs).unref();
}

function start(options: FuzzOptions): void {
  const memory = new SharedArrayBuffer(watchBytes);
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    workerData: { options, memory },
  });
  worker.on("message", (text: string) => void process.stdout.write(`${text}\n`));
  worker.on("error", (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
  worker.on("exit", (code) => {
    process.exitCode ??= code;
  });
  startWatching(memory, options.seed);
}

try {
  const options = parseOptions(process.argv.slice(2), systemChance);
  process.stdout.write(`seed ${options.seed}, ${options.seconds} s\n`);
  start(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
