import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isFault, systemChance } from "../../schemas/ground/index.ts";
import { runCutShort } from "../../test/kit/cut-short.ts";
import { encrypt, rekey } from "../../test/kit/vault-acts.ts";
import { findKeyId, openStore } from "../store/index.ts";
import { openStoreKey, storePath } from "./key-desk.ts";
import { makeRecoveryCode } from "./recovery-code.ts";
import { checkNotWiped } from "./wipe.ts";

const module = join(import.meta.dirname, "../../test/kit/vault-acts.ts");
const code = makeRecoveryCode(systemChance);
const next = makeRecoveryCode(systemChance);

let dir = "";
let first = "";

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "cut-"));
  first = mkdtempSync(join(tmpdir(), "first-"));
  const store = openStore(storePath(first));
  await store.write(() => store.settings.set("word", "CANARY kept"));
  store.close();
});

afterEach(() => {
  for (const folder of [dir, first]) rmSync(folder, { recursive: true });
});

function begin(): void {
  rmSync(dir, { recursive: true });
  cpSync(first, dir, { recursive: true });
}

/** The word of the store, whichever of the codes opens it; and which one did. */
async function readWord(): Promise<{ word: string | undefined; by: string }> {
  const place = { dir, agency: "ng/tcu" };
  if (findKeyId(storePath(dir)) === "PLAIN") return { word: wordOf(), by: "plain" };
  for (const [by, one] of Object.entries({ old: code, new: next })) {
    try {
      const key = await openStoreKey(place, { kind: "recovery", code: one });
      return { word: wordOf(key), by };
    } catch (error) {
      if (!isFault(error, "STORE_KEY_WRONG")) throw error;
    }
  }
  return { word: undefined, by: "none" };
}

function wordOf(key?: Uint8Array): string | undefined {
  const store = openStore(storePath(dir), { key });
  const word = store.settings.get("word");
  store.close();
  return word;
}

/** Does an act again and again, cut short one change of the disk later each time, until it comes to its end. */
async function cutEverywhere(
  act: string,
  args: readonly unknown[],
  look: () => Promise<string>,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let at = 1; at < 200; at += 1) {
    begin();
    const isDone = runCutShort({ module, act, args: [dir, ...args] }, at);
    seen.add(await look());
    if (isDone) return seen;
  }
  throw new Error("the act never came to its end");
}

describe("a process that ends at any change of the disk", () => {
  it("while a store is encrypted leaves the plain one or the encrypted one, whole, and it can be done again", async () => {
    const seen = await cutEverywhere("encrypt", [code], async () => {
      const { word, by } = await readWord();
      expect(word).toBe("CANARY kept");
      if (by === "plain") await encrypt(dir, code);
      expect(await readWord()).toEqual({ word: "CANARY kept", by: "old" });
      expect(
        readdirSync(dir).some((file) => readFileSync(join(dir, file)).includes("CANARY")),
      ).toBe(false);
      return by;
    });
    expect([...seen].toSorted()).toEqual(["old", "plain"]);
  });

  it("while a store comes under another key leaves it under the old or the new one, whole, and it can be done again", async () => {
    await encrypt(first, code);
    const seen = await cutEverywhere("rekey", [code, next], async () => {
      const { word, by } = await readWord();
      expect(word).toBe("CANARY kept");
      if (by === "old") await rekey(dir, code, next);
      expect(await readWord()).toEqual({ word: "CANARY kept", by: "new" });
      return by;
    });
    expect([...seen].toSorted()).toEqual(["new", "old"]);
  });

  it("while a store is wiped leaves it untouched, or wiped at the next start", async () => {
    await encrypt(first, code);
    const seen = await cutEverywhere("wipe", [], async () => {
      if (!existsSync(join(dir, "wiped.json"))) {
        expect((await readWord()).word).toBe("CANARY kept");
        return "untouched";
      }
      expect(() => checkNotWiped(dir)).toThrow(expect.objectContaining({ code: "STORE_WIPED" }));
      expect(readdirSync(dir).filter((file) => file.startsWith("store"))).toEqual([]);
      // a second start says the same
      expect(() => checkNotWiped(dir)).toThrow(expect.objectContaining({ code: "STORE_WIPED" }));
      return "wiped";
    });
    expect([...seen].toSorted()).toEqual(["untouched", "wiped"]);
  });
});
