import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { encodeMessage, encodePublication } from "../../schemas/index.ts";
import { makeUuid, sha256, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import type { StoredMessage } from "./message-row.ts";
import { openStore, type Store } from "./store.ts";
import { checkStoreFile } from "./upgrade-back.ts";

const channel = "ecowas.drugs.h0.alert.incident";
let dir = "";
let path = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "integrity-"));
  path = join(dir, "store.db");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function messageOf(box: "in" | "out", words: string): Omit<StoredMessage, "seq"> {
  const id = makeUuid(1_000, systemChance);
  const raw = encodeMessage({ envelope: id, signatures: [], open: utf8(words) });
  const state = box === "in" ? "VERIFIED" : "QUEUED";
  const names = { originator: "ng/tcu", type: "alert.incident", crimes: ["drugs"], recs: ["ecowas"] };
  const codes = { handling: "H0", urgency: "NORMAL", status: "ACTUAL", audience: [] };
  const times = { createdAt: 1, expiresAt: 100, storedAt: 2 };
  return { box, id, digest: sha256(id), state, raw, ...names, ...codes, ...times };
} // prettier-ignore

/** One message that was sent, one that came with its slip, and a receipt. */
function fill(store: Store): Promise<void> {
  return store.write(() => {
    const out = messageOf("out", "sent");
    const message = store.messages.add(out);
    const slip = utf8("slip one");
    const bytes = encodePublication({ slip, slipSignature: "s", message: out.raw });
    const place = { channel, series: 5, sequence: 1, slip, slipSignature: "s", slipDigest: sha256(slip) }; // prettier-ignore
    store.outbox.add({ ...place, message, digest: sha256(bytes), rank: 0, stream: "FEED_ECOWAS" });
    store.settings.set("series", "5");
    store.outbox.setChannel(channel, { series: 5, sequence: 1, digest: sha256(slip), voided: [] });
    store.messages.add(messageOf("in", "came"));
    const held = { originator: "gh/tcu", channel, series: 1, sequence: 4, digest: sha256(slip) };
    store.chains.advance({ ...held, voided: [] }, 1);
    store.ladder.addReceipt({ issuer: "gh/tcu", issuedAt: 1, receivedAt: 2, raw: utf8("receipt") });
  });
}

async function makeFilled(): Promise<void> {
  const store = openStore(path);
  await fill(store);
  store.close();
}

function change(sql: string): void {
  const database = openSqlite(path);
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
}

const contradictions: readonly (readonly [string, string])[] = [
  ["a message whose bytes were changed", "UPDATE message SET raw = x'0a0141'"],
  ["a message whose digest was changed", "UPDATE message SET digest = x'00' WHERE box = 'in'"],
  ["a receipt whose bytes were changed", "UPDATE receipt SET raw = x'00'"],
  ["a slip whose bytes were changed", "UPDATE publication SET slip = x'00'"],
  ["a publication whose digest was changed", "UPDATE publication SET digest = x'00'"],
  ["a publication of no message", "UPDATE publication SET message = 99"],
  ["a slip of no chain", "UPDATE slip SET chain = 99"],
  ["a channel that stands before a number it gave away", "UPDATE out_channel SET sequence = 0"],
  ["a channel that stands after the last number it gave away", "UPDATE out_channel SET sequence = 2"],
  ["a channel whose last slip is another", "UPDATE out_channel SET digest = x'00'"],
  ["a channel in a series to come", "UPDATE out_channel SET series = 9"],
  ["a sender's chain whose last slip is not held", "UPDATE chain SET highest = 9"],
  ["a sender's chain whose last slip is another", "UPDATE chain SET digest = x'00'"],
]; // prettier-ignore

describe("a store that contradicts itself", () => {
  it("one that does not opens, and all of it is checked", async () => {
    await makeFilled();
    expect(checkStoreFile(path)).toMatchObject({ messages: 2, receipts: 1, publications: 1 });
    openStore(path).close();
  });

  it.each(contradictions)("does not open with %s, and says what to do", async (_name, sql) => {
    await makeFilled();
    change(sql);
    const refused = expect.objectContaining({
      code: "INTEGRITY_STORE",
      detail: expect.stringContaining("atumpan backup restore") as string,
    }) as Error;
    expect(() => checkStoreFile(path)).toThrow(refused);
    expect(() => openStore(path)).toThrow(refused);
  });

  it("a page that was changed is found", async () => {
    const store = openStore(path);
    await fill(store);
    for (let at = 0; at < 50; at += 1) {
      await store.write(() => store.messages.add(messageOf("in", "word ".repeat(300))));
    }
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0x41, bytes.length - 30_000, bytes.length - 20_000);
    writeFileSync(path, bytes);
    expect(() => checkStoreFile(path)).toThrow(expect.objectContaining({ code: "INTEGRITY_STORE" }));
    expect(() => openStore(path)).toThrow(expect.objectContaining({ code: "INTEGRITY_STORE" }));
  }); // prettier-ignore

  it("a journal that was cut in the middle loses nothing that was promised before", async () => {
    const script = `
      import { openStore } from ${JSON.stringify(join(import.meta.dirname, "store.ts"))};
      const store = openStore(${JSON.stringify(path)});
      for (let at = 0; at < 20; at += 1) await store.write(() => store.settings.set("at", String(at)));
      process.kill(process.pid, "SIGKILL");`;
    try {
      execFileSync(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    } catch {
      // it ended itself
    }
    const journal = readFileSync(`${path}-wal`);
    // a frame that was begun when the power went, behind what was promised
    writeFileSync(`${path}-wal`, Buffer.concat([journal, journal.subarray(32, 2_000)]));
    const store = openStore(path);
    expect(store.settings.get("at")).toBe("19");
    store.close();
  });
});

function inMount(use: (folder: string) => Promise<void>, size: string): Promise<void> {
  const folder = join(dir, "small");
  execFileSync("mkdir", [folder]);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "atumpan-test", folder]);
  return use(folder).finally(() => execFileSync("umount", ["-l", folder]));
}

const isRoot = process.getuid?.() === 0;

describe.runIf(isRoot)("a disk that is full", () => {
  it("refuses with a clear code and keeps nothing half; reads go on; it goes on by itself when there is room", async () => {
    await inMount(async (folder) => {
      const store = openStore(join(folder, "store.db"));
      await fill(store);
      writeFileSync(join(folder, "ballast"), Buffer.alloc(2 * 1024 * 1024));
      expect(store.state()).toBe("NEARLY_FULL");
      expect(() => store.checkRoom()).toThrow(expect.objectContaining({ code: "STORE_FULL" }));
      const kept: Uint8Array[] = [];
      const add = async (): Promise<void> => {
        const message = messageOf("in", "word ".repeat(30_000));
        await store.write(() => store.messages.add(message));
        kept.push(message.id);
      };
      const fillUp = async (): Promise<void> => {
        for (let at = 0; at < 200; at += 1) await add();
      };
      await expect(fillUp()).rejects.toMatchObject({ code: "STORE_FULL" });
      expect(store.state()).toBe("FULL");
      expect(kept.every((id) => store.messages.find(id) !== undefined)).toBe(true);
      expect(store.messages.count("in", "VERIFIED")).toBe(kept.length + 1);
      rmSync(join(folder, "ballast"));
      await add();
      expect(store.messages.count("in", "VERIFIED")).toBe(kept.length + 1);
      store.close();
      expect(checkStoreFile(join(folder, "store.db")).messages).toBe(kept.length + 2);
    }, "6m");
  });

  it("an upgrade without room for the copy is refused, and the store stays as it is", async () => {
    await inMount(async (folder) => {
      const file = join(folder, "store.db");
      const store = openStore(file);
      await fill(store);
      for (let at = 0; at < 12; at += 1) {
        await store.write(() => store.messages.add(messageOf("in", "word ".repeat(30_000))));
      }
      const version = store.settings.get("ids.secret");
      store.close();
      const database = openSqlite(file);
      const { user_version: full } = database.prepare("PRAGMA user_version").get() ?? {};
      database.exec(`PRAGMA user_version = ${Number(full) - 1}`);
      database.close();
      writeFileSync(join(folder, "ballast"), Buffer.alloc(5 * 1024 * 1024));
      expect(() => openStore(file)).toThrow(
        expect.objectContaining({ code: "STORE_WRITE_FAILED" }),
      );
      rmSync(join(folder, "ballast"));
      expect(checkStoreFile(file).version).toBe(Number(full) - 1);
      expect(version).toBeDefined();
    }, "8m");
  });
});

describe.runIf(isRoot)("a disk that takes no writing", () => {
  it("the store opens to be read; a write says so; nothing lies about afterwards", async () => {
    await inMount(async (folder) => {
      const file = join(folder, "store.db");
      const written = openStore(file);
      await fill(written);
      written.close();
      execFileSync("mount", ["-o", "remount,ro", folder]);
      const store = openStore(file);
      expect(store.state()).toBe("READ_ONLY");
      expect(store.messages.count("in", "VERIFIED")).toBe(1);
      const write = store.write(() => store.settings.set("a", "b"));
      await expect(write).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
      expect(() => store.checkRoom()).toThrow(expect.objectContaining({ code: "STORE_READ_ONLY" }));
      store.close();
      expect(() => openStore(join(folder, "none.db"))).toThrow(
        expect.objectContaining({ code: "STORE_WRITE_FAILED" }),
      );
    }, "4m");
  });

  it("one that turns so while the gateway runs lets reads go on, and says what it is", async () => {
    await inMount(async (folder) => {
      const store = openStore(join(folder, "store.db"));
      await fill(store);
      try {
        execFileSync("mount", ["-o", "remount,ro", folder], { stdio: "ignore" });
      } catch {
        // refused while the file is open for writing: then there is nothing to see
        store.close();
        return;
      }
      const write = store.write(() => store.settings.set("a", "b"));
      await expect(write).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
      expect(store.messages.count("in", "VERIFIED")).toBe(1);
      store.close();
    }, "4m");
  });
});
