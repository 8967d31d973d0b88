import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { encodeMessage } from "../../schemas/index.ts";
import { Fault, makeUuid, sha256, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import type { StoredMessage } from "./message-row.ts";
import { openStore, type Store } from "./store.ts";

let dir = "";
let path = "";
let store: Store;

const kinds = [
  { kind: "plain", access: {} },
  { kind: "under a key", access: { key: sha256(utf8("the key of this test")) } },
];

describe.each(kinds)("a store $kind", ({ access }) => {
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "store-"));
    path = join(dir, "store.db");
    store = openStore(path, access);
  });

  afterEach(() => {
    store.close();
    rmSync(dir, { recursive: true });
  });

  function message(change: Partial<StoredMessage> = {}): Omit<StoredMessage, "seq"> {
    const id = makeUuid(1_000, systemChance);
    return {
      box: "in",
      id,
      originator: "ng/tcu",
      digest: sha256(id),
      type: "alert.incident",
      crimes: ["drugs"],
      recs: ["ecowas"],
      handling: "H0",
      urgency: "NORMAL",
      status: "ACTUAL",
      createdAt: 1,
      expiresAt: 100,
      storedAt: 2,
      state: "VERIFIED",
      audience: [],
      raw: encodeMessage({ envelope: id, signatures: [] }),
      ...change,
    };
  }

  describe("openStore", () => {
    it("only the owner may read the file", () => {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    });

    it("what a write resolved is there after closing and opening", async () => {
      const kept = message();
      await store.write(() => store.messages.add(kept));
      store.close();
      store = openStore(path, access);
      expect(store.messages.find(kept.id)).toMatchObject({
        originator: "ng/tcu",
        crimes: ["drugs"],
      });
    });

    it("a second process is refused, because it would fork our slips", () => {
      expect(() => openStore(path, access)).toThrow(
        expect.objectContaining({ code: "STORE_WRITE_FAILED" }),
      );
    });

    it("a store of a newer version is refused and left as it is", () => {
      store.close();
      const file = openSqlite(path, access);
      file.exec("PRAGMA user_version = 99");
      file.close();
      expect(() => openStore(path, access)).toThrow(
        expect.objectContaining({ code: "STORE_VERSION_UNKNOWN" }),
      );
    });

    it("a damaged store is refused", () => {
      store.close();
      const begin = readFileSync(path).subarray(0, 16);
      writeFileSync(path, Buffer.concat([begin, Buffer.alloc(8192, "nothing that is one")]));
      expect(() => openStore(path, access)).toThrow(
        expect.objectContaining({ code: "INTEGRITY_STORE" }),
      );
    });
  });

  describe("write", () => {
    it("an act that throws leaves nothing behind and does not disturb the others", async () => {
      const [one, two, three] = [message(), message(), message()];
      const results = await Promise.allSettled([
        store.write(() => store.messages.add(one)),
        store.write(() => {
          store.messages.add(two);
          throw new Fault("ENVELOPE_ID_REUSED", "for this test");
        }),
        store.write(() => store.messages.add(three)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(results[1]).toMatchObject({ reason: { code: "ENVELOPE_ID_REUSED" } });
      expect(store.messages.find(two.id)).toBeUndefined();
      expect(store.messages.find(three.id)).toBeDefined();
    });

    it("acts run in the order asked for, and see what those before them did", async () => {
      const seen = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          store.write(() => {
            const before = Number(store.settings.get("n") ?? 0);
            store.settings.set("n", String(before + 1));
            return before === i;
          }),
        ),
      );
      expect(seen.every(Boolean)).toBe(true);
    });

    it("a failure of SQLite is a fault of ours with its cause", async () => {
      const once = message();
      await store.write(() => store.messages.add(once));
      await expect(store.write(() => store.messages.add(once))).rejects.toMatchObject({
        code: "STORE_WRITE_FAILED",
      });
    });

    it("what waits when the store is closed is written, and nothing after it", async () => {
      const kept = message();
      const writing = store.write(() => store.messages.add(kept));
      store.close();
      await writing;
      await expect(store.write(() => 1)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
      store = openStore(path, access);
      expect(store.messages.find(kept.id)).toBeDefined();
    });
  });

  describe("messages", () => {
    it("a list is newest first, stable while messages are added, and keeps to its filters", async () => {
      const add = (change: Partial<StoredMessage>): Promise<number> =>
        store.write(() => store.messages.add(message(change)));
      const first = await add({ crimes: ["drugs", "arms"] });
      const second = await add({ type: "bulletin.red_flag" });
      const page = store.messages.list({ box: "in", limit: 1 });
      expect(page.map(({ seq }) => seq)).toEqual([second]);
      await add({ state: "QUARANTINED", code: "CERT_UNKNOWN" });
      const next = store.messages.list({ box: "in", before: page[0]!.seq, limit: 10 });
      expect(next.map(({ seq }) => seq)).toEqual([first]);
      expect(
        store.messages.list({ box: "in", wish: { codes: [["crime", ["arms"]]] }, limit: 10 }),
      ).toHaveLength(1);
      expect(
        store.messages.list({ box: "in", wish: { codes: [["crime", ["arm"]]] }, limit: 10 }),
      ).toHaveLength(0);
      expect(
        store.messages.list({
          box: "in",
          wish: { codes: [["type", ["bulletin.red_flag"]]] },
          limit: 10,
        }),
      ).toHaveLength(1);
      expect(store.messages.list({ box: "in", state: "QUARANTINED", limit: 10 })).toHaveLength(1);
      expect(store.messages.list({ box: "out", limit: 10 })).toHaveLength(0);
      expect(store.messages.count("in", "VERIFIED")).toBe(2);
    });

    it("one id of one sender is stored once; another sender may have the same", async () => {
      const one = message();
      await store.write(() => store.messages.add(one));
      await store.write(() => store.messages.add({ ...one, originator: "gh/tcu" }));
      await expect(store.write(() => store.messages.add(one))).rejects.toMatchObject({
        code: "STORE_WRITE_FAILED",
      });
      expect(store.messages.find(one.id)?.originator).toBe("ng/tcu");
    });

    it("a message that is not there cannot move on", async () => {
      await expect(
        store.write(() => store.messages.setState(77, "ACCEPTED")),
      ).rejects.toMatchObject({
        code: "INTEGRITY_STORE",
      });
    });
  });

  describe("chains", () => {
    const slip = (
      sequence: number,
      previous?: Uint8Array,
      salt = "",
    ): Parameters<Store["chains"]["advance"]>[0] => ({
      originator: "ng/tcu",
      channel: "ecowas.drugs.h0.alert.incident",
      series: 7,
      sequence,
      digest: sha256(utf8(`${sequence}${salt}`)),
      previous,
      voided: [],
    });
    const digest = (sequence: number): Uint8Array => sha256(utf8(String(sequence)));

    it("a gap shows, closes, and survives closing the store", async () => {
      await store.write(() => store.chains.advance(slip(1), 5));
      await store.write(() => store.chains.advance(slip(3, digest(2)), 6));
      store.close();
      store = openStore(path, access);
      expect(store.chains.changedSince(0)).toMatchObject([
        { highest: 3, missing: [2], broken: false },
      ]);
      const { chain, breaks } = await store.write(() =>
        store.chains.advance(slip(2, digest(1)), 7),
      );
      expect(breaks).toBe(false);
      expect(chain.missing).toEqual([]);
      expect(store.chains.changedSince(8)).toEqual([]);
    });

    it("two slips of one number, or one that does not follow the one before, break the chain once", async () => {
      await store.write(() => store.chains.advance(slip(1), 5));
      const again = await store.write(() => store.chains.advance(slip(1), 5));
      expect(again.breaks).toBe(false);
      const forked = await store.write(() => store.chains.advance(slip(1, undefined, "b"), 5));
      expect(forked).toMatchObject({ breaks: true, chain: { broken: true } });
      const after = await store.write(() => store.chains.advance(slip(2, digest(9)), 5));
      expect(after).toMatchObject({ breaks: false, chain: { broken: true } });
      expect(store.chains.countBroken()).toBe(1);
    });
  });
});
