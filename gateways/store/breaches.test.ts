import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import { openStore, type Store } from "./index.ts";

let dir: string;
let store: Store;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "breaches-"));
  store = openStore(join(dir, "store.db"));
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const thread = utf8("0123456789abcdef");
const row = {
  thread,
  opening: "a",
  other: "sn/tcu",
  workflow: "REQUEST",
  opener: "gh/tcu",
  closing: "RESULT",
  agency: "sn/tcu",
  by: 100,
};
const query = { open: false, limit: 10 };

describe("deadlines that passed, as they are kept", () => {
  it("are news once when overdue and once when overdue twice, however often they are written down", async () => {
    const news = await store.write(() => [
      store.breaches.put(row),
      store.breaches.put(row),
      store.breaches.put({ ...row, escalatedAt: 200 }),
      store.breaches.put({ ...row, escalatedAt: 200, endedAt: 300 }),
      store.breaches.put(row),
    ]);
    expect(news).toEqual(["OVERDUE", "NONE", "ESCALATED", "NONE", "NONE"]);
    expect(store.breaches.list(query)).toHaveLength(1);
  });

  it("stay when they ended or were none, and count as open no more", async () => {
    await store.write(() => store.breaches.put(row));
    expect(store.breaches.countOpen()).toEqual([{ agency: "sn/tcu", isEscalated: false, count: 1 }]);
    await store.write(() => store.breaches.lift(row));
    expect(store.breaches.countOpen()).toEqual([]);
    expect(store.breaches.list({ ...query, open: true })).toEqual([]);
    expect(store.breaches.of(thread)).toMatchObject([{ by: 100, stands: false }]);
  });

  it("a thread is looked at again when its time has come, and not before", async () => {
    await store.write(() => store.breaches.lookAt(thread, 50));
    expect(store.breaches.toLookAt(50, 10)).toEqual([]);
    expect(store.breaches.toLookAt(51, 10)).toHaveLength(1);
    await store.write(() => store.breaches.lookAt(thread, undefined));
    expect(store.breaches.toLookAt(1_000, 10)).toEqual([]);
  });
}); // prettier-ignore
