/**
 * `npm run coverage:trust`: runs the tests beside the files of a folder and lists every branch in it that none of
 * them took. Ends with 1 when there is one, or when a test failed. `node test/coverage/main.ts FOLDER [TESTS…]`.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Branch, markBranches } from "./mark-branches.ts";

const root = join(import.meta.dirname, "../..");
const [folder, ...tests] = process.argv.slice(2);

function readSeen(from: string): ReadonlySet<string> {
  return new Set(
    readdirSync(from).flatMap((name) => readFileSync(join(from, name), "utf8").split("\n")),
  );
}

function describe(code: string, { start, end, says }: Branch): string {
  const before = code.slice(0, start).split("\n");
  const words = code.slice(start, end).replaceAll(/\s+/g, " ").slice(0, 60);
  return `${before.length}:${(before.at(-1) ?? "").length + 1} never ${says}: ${words}`;
}

function runTests(covered: string, into: string): number {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const filters = tests.length > 0 ? tests : [covered];
  const run = spawnSync(process.execPath, [vitest, "run", "--silent", "--config", config, ...filters], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ATUMPAN_COVERED: covered, ATUMPAN_COVERAGE: into },
  });
  return run.status ?? 1;
}

function report(covered: string, seen: ReadonlySet<string>): number {
  const lines: string[] = [];
  let all = 0;
  const files = globSync(`${covered}/**/*.ts`, { cwd: root, exclude: ["**/*.test.ts"] });
  for (const file of files.toSorted()) {
    const code = readFileSync(join(root, file), "utf8");
    const { branches } = markBranches(code, file);
    const missed = branches.filter(({ name }) => !seen.has(`${join(root, file)} ${name}`));
    all += branches.length;
    lines.push(...missed.map((branch) => `${file}:${describe(code, branch)}`));
  }
  const taken = all - lines.length;
  const share = ((100 * taken) / Math.max(all, 1)).toFixed(1);
  lines.push(`${covered}: ${taken} of ${all} branches taken, ${share} %`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return all > 0 && taken === all ? 0 : 1;
}

if (folder === undefined) {
  process.stderr.write("node test/coverage/main.ts FOLDER [TESTS…]\n");
  process.exitCode = 2;
} else {
  const into = mkdtempSync(join(tmpdir(), "coverage-"));
  try {
    const failed = runTests(folder, into);
    const missed = report(folder, readSeen(into));
    process.exitCode = failed === 0 ? missed : 1;
  } finally {
    rmSync(into, { recursive: true });
  }
}
