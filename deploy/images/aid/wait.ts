/** `node wait.ts FILE`: ends once the file is there, for a program that is started by what another writes. */
import { existsSync } from "node:fs";
import process from "node:process";

import { systemClock } from "../../../schemas/ground/index.ts";

const everyMs = 500;

async function wait(file: string): Promise<void> {
  // timers of the clock do not keep a process alive
  const { port1: alive } = new MessageChannel();
  alive.ref();
  while (!existsSync(file)) await systemClock.sleep(everyMs);
  alive.close();
}

process.once("SIGTERM", () => process.exit(1));
const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("usage: node wait.ts FILE\n");
  process.exitCode = 2;
} else {
  await wait(file);
}
