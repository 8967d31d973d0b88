import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const runFile = promisify(execFile);

function askGit(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The last release before what stands here, or what ATUMPAN_BEFORE names: a folder, or anything that git knows. */
const before =
  process.env["ATUMPAN_BEFORE"] ??
  askGit("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^");
if (before === undefined) {
  process.stderr.write("skipped: this version beside the one before, because git knows no release before this one (ATUMPAN_BEFORE may name one)\n");
} // prettier-ignore

/** Six processes one after another: far beyond what they take. */
const mostMs = 900_000;

describe.skipIf(before === undefined)(`this version beside ${before}`, () => {
  let folder = "";
  let isMade = false;

  beforeAll(() => {
    const named = resolve(root, before!);
    if (existsSync(named)) folder = named;
    if (folder !== "") return;
    [folder, isMade] = [mkdtempSync(join(tmpdir(), "atumpan-before-")), true];
    const unpacked = spawnSync("sh", ["-c", `git archive "$1" | tar -x -C "$2"`, "sh", before!, folder], { cwd: root, encoding: "utf8" });
    expect(unpacked.stderr).toBe("");
    // with the packages of this version: what its own would do is shown by test/load/mixed.ts with a checkout
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });

  afterAll(() => {
    if (isMade) rmSync(folder, { recursive: true, force: true });
  });

  it("a gateway of each sends to the other, through the broker of either: nothing is lost, nothing comes twice, all is proved (T-29)", async () => {
    const { stdout } = await runFile(process.execPath, [join(import.meta.dirname, "mixed.ts"), folder, "short"], { cwd: root });
    expect(stdout).toMatch(/^[1-9]\d* sent; lost 0, twice 0, invalid 0$/m);
  }, mostMs);
}); // prettier-ignore
