import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const image = join(import.meta.dirname, "release.binpb");
const folder = mkdtempSync(join(tmpdir(), "atumpan-buf-"));

function buf(...args: readonly string[]): { status: number | null; says: string } {
  const run = spawnSync(join(root, "node_modules/.bin/buf"), [...args], { encoding: "utf8" });
  return { status: run.status, says: `${run.stdout}${run.stderr}` };
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("buf", () => {
  it("finds nothing against our protos, and no break since the last release", () => {
    expect(buf("lint", join(root, "schemas/proto"))).toEqual({ status: 0, says: "" });
    const broken = buf("breaking", join(root, "schemas/proto"), "--against", image);
    expect(broken).toEqual({ status: 0, says: "" });
  });

  it("finds a field that took another number", () => {
    cpSync(join(root, "schemas/proto"), folder, { recursive: true });
    const file = join(folder, "alert.proto");
    writeFileSync(file, readFileSync(file, "utf8").replace("string kind = 1", "string kind = 999"));
    const broken = buf("breaking", folder, "--against", image);
    expect(broken.status).not.toBe(0);
    expect(broken.says).toContain("alert.proto");
  });
});
