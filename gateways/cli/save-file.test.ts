import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { saveFile } from "./save-file.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "save-"));
});

afterEach(() => rmSync(dir, { recursive: true }));

async function* pieces(fault?: Fault): AsyncGenerator<Bytes> {
  await Promise.resolve();
  yield Buffer.from("one ");
  expect(readdirSync(dir)).not.toContain("whole.atc");
  if (fault !== undefined) throw fault;
  yield Buffer.from("two");
}

it("a file appears under its name only when all of it is there", async () => {
  const path = join(dir, "whole.atc");
  expect(await saveFile(path, pieces())).toBe(7);
  expect(readFileSync(path, "utf8")).toBe("one two");
  expect(readdirSync(dir)).toEqual(["whole.atc"]);
});

it("what breaks off leaves the file of before, and nothing else", async () => {
  const path = join(dir, "other.atc");
  writeFileSync(path, "before");
  const fault = new Fault("GATEWAY_UNREACHABLE", "the line is gone");
  await expect(saveFile(path, pieces(fault))).rejects.toBe(fault);
  expect(readdirSync(dir)).toEqual(["other.atc"]);
  expect(readFileSync(path, "utf8")).toBe("before");
});
