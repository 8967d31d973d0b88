/**
 * `node deploy/make-man.ts [--check]`: writes, from the commands there are, the manual page `deploy/atumpan.1` and what completes
 * them in each shell, `deploy/completion/`; or says whether they are current. Exit codes: 0 written or current, 1 not current.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderHelpFiles } from "../gateways/cli/index.ts";
import { systemChance, systemClock } from "../schemas/ground/index.ts";
import { houseVerbs } from "./house-verbs.ts";

const files = await renderHelpFiles({
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
  verbs: houseVerbs,
  signal: new AbortController().signal,
});

mkdirSync(join(import.meta.dirname, "completion"), { recursive: true });
for (const [name, text] of files) {
  const file = join(import.meta.dirname, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    process.stderr.write(`deploy/${name} is not current: node deploy/make-man.ts\n`);
    process.exitCode = 1;
  }
}
