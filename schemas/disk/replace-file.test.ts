import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { utf8 } from "../ground/index.ts";
import { replaceFile, syncFolder } from "./index.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "replace-"));
  file = join(dir, "one");
});
afterEach(() => rmSync(dir, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("a file that is put in the place of another", () => {
  it.each(["all", "bytes", "nothing"] as const)("is whole and alone, with %s synced", (sync) => {
    replaceFile(file, utf8("a longer one before"), { mode: 0o600, sync });
    replaceFile(file, utf8("short"), { mode: 0o600, sync });
    expect([readFileSync(file, "utf8"), readdirSync(dir), modeOf(file)]).toEqual([
      "short",
      ["one"],
      0o600,
    ]);
  });

  it("is another file than the one before: whoever reads that reads it to its end", () => {
    writeFileSync(file, "old");
    const before = statSync(file).ino;
    replaceFile(file, utf8("new"));
    expect(statSync(file).ino).not.toBe(before);
  });

  it("has the mode that was asked, whatever an earlier end left beside it", () => {
    writeFileSync(`${file}.new`, "torn");
    chmodSync(`${file}.new`, 0o644);
    replaceFile(file, utf8("key"), { mode: 0o600 });
    expect([readFileSync(file, "utf8"), modeOf(file)]).toEqual(["key", 0o600]);
  });

  it("is not written through a link that lies where it is prepared", () => {
    const elsewhere = join(dir, "elsewhere");
    writeFileSync(elsewhere, "of others");
    symlinkSync(elsewhere, `${file}.new`);
    replaceFile(file, utf8("new"));
    expect([readFileSync(elsewhere, "utf8"), readFileSync(file, "utf8")]).toEqual([
      "of others",
      "new",
    ]);
  });

  it("leaves the old one when the disk refuses, and says what the disk said", () => {
    writeFileSync(file, "old");
    mkdirSync(`${file}.new`);
    expect(() => replaceFile(file, utf8("new"))).toThrow(/EISDIR|directory/);
    expect(readFileSync(file, "utf8")).toBe("old");
    const nowhere = join(dir, "none", "one");
    expect(() => replaceFile(nowhere, utf8("new"))).toThrow("ENOENT");
    expect(existsSync(nowhere)).toBe(false);
  });

  it("a folder that is not there cannot be synced", () => {
    expect(() => syncFolder(join(dir, "none"))).toThrow("ENOENT");
    expect(() => syncFolder(dir)).not.toThrow();
  });
});
