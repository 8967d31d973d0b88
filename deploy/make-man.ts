/**
 * `node deploy/make-man.ts [--check]`: writes the manual page `deploy/atumpan.1` from the commands there are, or says
 * whether it is current. Exit codes: 0 written or current, 1 not current.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderManual } from "../gateways/cli/index.ts";
import { systemChance, systemClock } from "../schemas/ground/index.ts";

const file = join(import.meta.dirname, "atumpan.1");
const text = await renderManual({
  args: [],
  // a version of its own would make every release another page
  version: "",
  cwd: "/",
  out: () => undefined,
  err: () => undefined,
  isWatched: false,
  stdin: () => Promise.resolve(""),
  fetch: globalThis.fetch,
  clock: systemClock,
  chance: systemChance,
  signal: new AbortController().signal,
});

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("deploy/atumpan.1 is not current: node deploy/make-man.ts\n");
  process.exitCode = 1;
}
