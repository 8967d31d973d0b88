/**
 * `node deploy/plan/main.ts [NAME=VALUE…]`: writes the tables of deploy/PLAN.md from their inputs; with other values of inputs it
 * prints them instead and writes nothing. With `--check` it says whether the page is current. Exit codes: 0 written or current,
 * 1 not current, 2 an input that does not exist.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readChange, renderPage } from "./page.ts";
import { renderPlan } from "./render.ts";

const page = join(import.meta.dirname, "../PLAN.md");
const args = process.argv.slice(2);
const change = readChange(args.filter((arg) => arg !== "--check"));
if (change === undefined) {
  process.stderr.write("usage: node deploy/plan/main.ts [--check] [NAME=VALUE…]\n");
  process.exitCode = 2;
} else if (Object.keys(change).length > 0) {
  process.stdout.write(renderPlan(change));
} else {
  const before = readFileSync(page, "utf8");
  const after = renderPage(before);
  if (before !== after && args.includes("--check")) process.exitCode = 1;
  else writeFileSync(page, after);
}
