import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeUuid, renderHex, sha256, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { openDatabase } from "./database.ts";
import { findKeyId, keyIdOf } from "./drivers/key-id.ts";
import { openSqlite, rekeySqlite } from "./drivers/sqlite.ts";
import { openStore } from "./store.ts";

const key = sha256(utf8("the key of this test"));
const other = sha256(utf8("the key of another store"));

let dir = "";
let path = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "at-rest-"));
  path = join(dir, "store.db");
});

afterEach(() => rmSync(dir, { recursive: true }));

const words = {
  body: "CANARY narrative of a body",
  name: "CANARY Abena Fictional",
  agency: "zz/canary-agency",
  subject: "atumpan.canary.subject",
  note: "CANARY setting",
};
const id = makeUuid(1_000, systemChance);
const heldKey = sha256(utf8("CANARY key that was shared"));

const raw = utf8(words.body.repeat(400));

async function fill(access: { readonly key?: Uint8Array }): Promise<ReturnType<typeof openStore>> {
  const store = openStore(path, access);
  await store.write(() => {
    store.messages.add({
      box: "in",
      id,
      originator: words.agency,
      digest: sha256(raw),
      type: "alert.incident",
      crimes: ["drugs"],
      recs: ["ecowas"],
      handling: "H0",
      urgency: "NORMAL",
      status: "ACTUAL",
      createdAt: 1,
      expiresAt: 100,
      storedAt: 2,
      state: "QUARANTINED",
      code: "CERT_UNKNOWN",
      audience: [words.agency],
      subject: words.subject,
      raw,
      parts: utf8(words.name.repeat(400)),
    });
    store.settings.set(words.note, words.note);
    store.heldKeys.hold({
      originator: words.agency,
      name: "k",
      key: heldKey,
      cameAt: 1,
      keepUntil: 9,
    });
  });
  return store;
}

/** Every canary that some byte of the folder shows, and where. */
function found(): readonly string[] {
  const needles = Object.entries({ ...words, id, heldKey, key }).map(([name, value]) => ({
    name,
    bytes: Buffer.from(typeof value === "string" ? utf8(value) : value),
  }));
  return readdirSync(dir).flatMap((file) => {
    const bytes = readFileSync(join(dir, file));
    return needles
      .filter((needle) => bytes.includes(needle.bytes) || bytes.includes(renderHex(needle.bytes)))
      .map(({ name }) => `${file}: ${name}`);
  });
}

describe("a store under a key", () => {
  it("no byte on the disk shows what is kept, neither while it is open nor after", async () => {
    const store = await fill({ key });
    expect(readdirSync(dir).toSorted()).toEqual(["store.db", "store.db-wal"]);
    expect(found()).toEqual([]);
    store.close();
    expect(readdirSync(dir)).toEqual(["store.db"]);
    expect(found()).toEqual([]);
  });

  it("the same search finds every canary of a plain store", async () => {
    const store = await fill({});
    const names = new Set(found().map((line) => line.split(": ")[1] ?? ""));
    expect(names).toEqual(new Set([...Object.keys(words), "id", "heldKey"]));
    store.close();
  });

  it("a key that is not the store's is refused, and no byte of the store changes", async () => {
    (await fill({ key })).close();
    const before = readFileSync(path);
    for (const access of [{ key: other }, {}]) {
      expect(() => openStore(path, access)).toThrow(
        expect.objectContaining({ code: "STORE_KEY_WRONG" }),
      );
    }
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dir)).toEqual(["store.db"]);
  });

  it("a plain store is not opened under a key, lest people think it is encrypted", async () => {
    (await fill({})).close();
    expect(() => openStore(path, { key })).toThrow(
      expect.objectContaining({ code: "STORE_KEY_WRONG" }),
    );
  });

  it("one flipped bit in any page that is used is damage, and not a wrong key", async () => {
    (await fill({ key })).close();
    const good = readFileSync(path);
    const file = openSqlite(path, { key });
    const pages = file
      .prepare("SELECT DISTINCT pageno FROM dbstat")
      .all()
      .map((row) => Number(row["pageno"]));
    file.close();
    expect(pages.length).toBeGreaterThan(20);
    for (const page of pages) {
      const bad = Buffer.from(good);
      const at = (page - 1) * 4096 + 24 + ((page * 131) % 4000);
      bad[at] = (bad[at] ?? 0) ^ 1;
      writeFileSync(path, bad);
      expect(() => openStore(path, { key }), `page ${page}`).toThrow(
        expect.objectContaining({ code: "INTEGRITY_STORE" }),
      );
    }
    writeFileSync(path, good);
    openStore(path, { key }).close();
  });

  it("a page in another's place is damage", async () => {
    (await fill({ key })).close();
    const bad = readFileSync(path);
    const [second, third] = [bad.subarray(4096, 8192), bad.subarray(8192, 12_288)];
    const kept = Buffer.from(second);
    third.copy(bad, 4096);
    kept.copy(bad, 8192);
    writeFileSync(path, bad);
    expect(() => openStore(path, { key })).toThrow(
      expect.objectContaining({ code: "INTEGRITY_STORE" }),
    );
  });

  it("a journal that was left by a power cut is read under the same key", async () => {
    const store = await fill({ key });
    const [copy, log] = [join(dir, "copy.db"), join(dir, "copy.db-wal")];
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, log);
    store.close();
    const after = openStore(copy, { key });
    expect(after.messages.find(id)?.originator).toBe(words.agency);
    after.close();
  });

  it("the pragmas are those of a plain store", () => {
    const ask = (access: { readonly key?: Uint8Array }, file: string): readonly unknown[] => {
      const database = openDatabase(file, access);
      const said = [
        "journal_mode",
        "synchronous",
        "secure_delete",
        "temp_store",
        "foreign_keys",
        "locking_mode",
        "cache_size",
      ].map((name) => database.prepare(`PRAGMA ${name}`).get()?.[name]);
      database.close();
      return said;
    };
    const plain = ask({}, join(dir, "plain.db"));
    expect(ask({ key }, path)).toEqual(plain);
    expect(plain).toEqual(["wal", 2, 1, 2, 1, "exclusive", -4096]);
  });
});

describe("rekeySqlite", () => {
  it.each([
    { from: undefined, what: "plain" },
    { from: key, what: "under a key" },
  ])("a store $what comes under another key with all it holds", async ({ from }) => {
    (await fill(from === undefined ? {} : { key: from })).close();
    rekeySqlite(path, from, other);
    expect(findKeyId(path)).toBe(renderHex(keyIdOf(other)));
    expect(found()).toEqual([]);
    expect(() => openStore(path, { key })).toThrow(
      expect.objectContaining({ code: "STORE_KEY_WRONG" }),
    );
    const store = openStore(path, { key: other });
    expect(store.messages.find(id)?.originator).toBe(words.agency);
    expect(Buffer.from(heldKey).equals(store.heldKeys.find(words.agency, "k")!)).toBe(true);
    store.close();
  });
});
