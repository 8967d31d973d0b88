import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemClock } from "../../schemas/ground/index.ts";
import { withRegisterLock } from "./register-lock.ts";

let home = "";
let file = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(home, "register.bin");
});

afterEach(() => rmSync(home, { recursive: true }));

describe("the register's lock", () => {
  it("lets one act at a time make the next register", async () => {
    let epoch = 0;
    const act = async (): Promise<void> => {
      const read = epoch;
      await systemClock.sleep(5);
      epoch = read + 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withRegisterLock(file, act)));
    expect(epoch).toBe(8);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it("is given back when the act fails", async () => {
    const failing = withRegisterLock(file, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await expect(withRegisterLock(file, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it("of a process that is gone is taken over", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(`${file}.lock`, String(pid));
    await expect(withRegisterLock(file, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it("that nobody put a number in is taken over when it is old", async () => {
    writeFileSync(`${file}.lock`, "");
    const past = new Date(systemClock.now() - 11_000);
    utimesSync(`${file}.lock`, past, past);
    await expect(withRegisterLock(file, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it("of a process that runs is waited for ten seconds, and then nothing is done", async () => {
    writeFileSync(`${file}.lock`, String(process.ppid));
    const act = withRegisterLock(file, () => Promise.resolve(1));
    await expect(act).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(existsSync(`${file}.lock`)).toBe(true);
  });

  it("is not taken where it cannot be written", async () => {
    const nowhere = join(home, "none", "register.bin");
    const act = withRegisterLock(nowhere, () => Promise.resolve(1));
    await expect(act).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
  });
});
