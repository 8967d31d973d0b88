import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Bytes, makeSeededChance } from "../../schemas/ground/index.ts";
import { collect, inPieces } from "../../test/kit/carry-world.ts";
import { clearSpool, readSpooled, spool } from "./spool.ts";

const chance = makeSeededChance("spool");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "spool-"));
});

afterEach(() => rmSync(dir, { recursive: true }));

describe("what comes in", () => {
  it("is kept as it came, for its owner alone", async () => {
    const bytes = Buffer.alloc(700_000, "abc");
    const path = await spool(inPieces(bytes), { dir, chance, maxBytes: 700_000 });
    expect(Buffer.from(await collect(readSpooled(path))).equals(bytes)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is refused at the first byte too many, and nothing of it is kept", async () => {
    const source = inPieces(Buffer.alloc(101), 10);
    const place = { dir, chance, maxBytes: 100 };
    await expect(spool(source, place)).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
    expect(readdirSync(dir)).toEqual([]);
  });

  it("that breaks off is not kept", async () => {
    const broken = async function* (): AsyncGenerator<Bytes> {
      await Promise.resolve();
      yield Buffer.alloc(10);
      throw new Error("the line is gone");
    };
    const place = { dir, chance, maxBytes: 100 };
    await expect(spool(broken(), place)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(readdirSync(dir)).toEqual([]);
  });

  it("and was left by an earlier end goes with the next start, and nothing else there", () => {
    writeFileSync(join(dir, "0011223344556677.part"), "x");
    writeFileSync(join(dir, "mine.txt"), "x");
    clearSpool(dir);
    expect(readdirSync(dir)).toEqual(["mine.txt"]);
  });
});
