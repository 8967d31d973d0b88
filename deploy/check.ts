/**
 * `npm run check`: lint, types, format, and whether generated files are current. Runs them all, says which
 * failed, and exits 1 when one did.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules/.bin", name);

const checks: readonly (readonly [string, string, readonly string[]])[] = [
  ["lint", bin("oxlint"), []],
  ["types", bin("tsc"), []],
  ["types of the pages", bin("tsc"), ["-p", "gateways/console/page"]],
  ["format", bin("prettier"), ["--check", "--log-level", "warn", "."]],
  ["generated files", process.execPath, ["schemas/generate/main.ts", "--check"]],
  ["the client", process.execPath, ["deploy/make-client.ts", "--check"]],
  ["the manual", process.execPath, ["deploy/make-man.ts", "--check"]],
  ["schemas, by buf", bin("buf"), ["lint", "schemas/proto"]],
  [
    "growth, by buf",
    bin("buf"),
    ["breaking", "schemas/proto", "--against", "schemas/growth/release.binpb"],
  ],
  ["growth", process.execPath, ["schemas/growth/main.ts"]],
  ["reference pages", process.execPath, ["schemas/reference/main.ts", "--check"]],
];

const failed = checks.filter(([name, command, args]) => {
  process.stdout.write(`check: ${name} …\n`);
  return spawnSync(command, args, { cwd: root, stdio: "inherit" }).status !== 0;
});
const names = failed.map(([name]) => name).join(", ");
process.stdout.write(failed.length === 0 ? "check: all hold\n" : `check: failed: ${names}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
