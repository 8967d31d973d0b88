/**
 * `npm run client`: writes the description of the gateway's API and the types of its client; `--check` says whether they
 * are current and exits 1 when not. Refuses a description that the tool finds wrong.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeApi } from "../gateways/api/index.ts";

const client = join(import.meta.dirname, "../gateways/client");
const tool = join(client, "types/node_modules/.bin/openapi-typescript");
const names = ["openapi.json", "api-types.ts"] as const;

function make(folder: string): void {
  const description = join(folder, "openapi.json");
  writeFileSync(description, `${JSON.stringify(describeApi(), undefined, 2)}\n`);
  const made = spawnSync(tool, [description, "--output", join(folder, "api-types.ts")], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`the types could not be made: ${made.stderr}`);
}

function isCurrent(made: string): boolean {
  return names.every((name) => {
    try {
      return readFileSync(join(client, name), "utf8") === readFileSync(join(made, name), "utf8");
    } catch {
      return false;
    }
  });
}

const folder = mkdtempSync(join(tmpdir(), "atumpan-client-"));
try {
  make(folder);
  if (process.argv.includes("--check")) {
    process.exitCode = isCurrent(folder) ? 0 : 1;
    if (process.exitCode === 1) process.stdout.write("the client is not current: npm run client\n");
  } else {
    for (const name of names) writeFileSync(join(client, name), readFileSync(join(folder, name)));
    process.stdout.write("gateways/client: written\n");
  }
} finally {
  rmSync(folder, { recursive: true });
}
