import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeUuid, sha256, systemChance, utf8 } from "../schemas/ground/index.ts";
import { findTaken, keepTaken } from "./exchange/index.ts";
import { makeHubStore, settleRestored } from "./hub-store.ts";
import { openStore, type Store } from "./store/index.ts";

const hubs = ["au/hub-one", "au/hub-two"];
let dir: string;
let store: Store;
let one: Store;
let two: Store;
let linked: readonly string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "atumpan-hubs-"));
  store = openStore(join(dir, "store.db"));
  linked = hubs;
  const [first = "", second = ""] = hubs;
  one = makeHubStore(store, first, () => linked);
  two = makeHubStore(store, second, () => linked);
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

let written = 0;

/** Puts one publication into the outbox; says its place. */
function put(hub: string, channel: string): number {
  written += 1;
  const bytes = utf8(`message ${written}`);
  const id = makeUuid(1_000, systemChance);
  const names = {
    originator: "ng/tcu",
    type: "alert.incident",
    crimes: ["drugs"],
    recs: [],
    audience: [],
  };
  const codes = { handling: "H0", urgency: "NORMAL", status: "ACTUAL" };
  const times = { createdAt: 1, expiresAt: 2_000_000_000_000, storedAt: 2 };
  const kept = { box: "out", state: "QUEUED", id, digest: sha256(id), raw: bytes } as const;
  const message = store.messages.add({ ...kept, ...names, ...codes, ...times });
  return store.outbox.add({
    message, channel, hub, series: 1, sequence: written, slip: bytes, slipSignature: "s", slipDigest: sha256(bytes),
    digest: sha256(bytes), rank: 0, stream: "DIRECT",
  }); // prettier-ignore
}

const seqs = ({ outbox }: Store): readonly number[] => outbox.queued(10).map(({ seq }) => seq);

describe("what the line to one hub sees of the store", () => {
  it("is what goes by that hub, and nothing of another's", async () => {
    const [first = "", second = ""] = hubs;
    const [a, b, c] = await store.write(() => [put(first, "direct.a"), put(second, "direct.b"), put("", "direct.c")]); // prettier-ignore
    expect([seqs(one), seqs(two), seqs(store)]).toEqual([[a], [b], [a, b, c]]);
    expect([one, two, store].map(({ outbox }) => outbox.countWaiting())).toEqual([1, 1, 3]);
  });

  it("what waits in a channel goes another way when it is told to, and what a hub took stays that hub's", async () => {
    const [first = "", second = ""] = hubs;
    const [a, b] = await store.write(() => [put(second, "direct.a"), put(second, "direct.a")]);
    await store.write(() => store.outbox.accept(a, { stream: "DIRECT", instance: "i", sequence: 7 }));
    expect(store.outbox.openRoutes()).toEqual([{ channel: "direct.a", hub: second }]);
    await store.write(() => store.outbox.reroute({ channel: "direct.a", hub: first }));
    expect([seqs(one), seqs(two)]).toEqual([[b], []]);
    expect([one, two].map(({ outbox }) => outbox.highestPlaces().length)).toEqual([0, 1]);
    // a hub that says that its stream is another one has nothing of another hub's sent again
    expect(one.outbox.reopen("DIRECT", "i")).toEqual([]);
    expect(two.outbox.reopen("DIRECT", "i")).toHaveLength(1);
  }); // prettier-ignore

  it("streams of the same name stand where each hub's stands", async () => {
    await one.write(() => keepTaken(one, new Map([["RECEIPTS", 40]])));
    expect([findTaken(one, "RECEIPTS")?.sequence, findTaken(two, "RECEIPTS")]).toEqual([40, undefined]);
    await store.write(() => one.settings.set("series", "9"));
    expect(two.settings.get("series")).toBe("9");
  }); // prettier-ignore
});

describe("a store that was put back from a copy", () => {
  const states = (): readonly (string | undefined)[] =>
    [one, two, store].map(({ restored }) => restored.mark()?.state);

  it("catches up with each hub apart, and has caught up when it has with all", async () => {
    await store.write(() => store.restored.begin(5));
    expect(states()).toEqual(["AWAITED", "AWAITED", "AWAITED"]);
    await store.write(() => one.restored.advance("HANDED"));
    expect(states()).toEqual(["HANDED", "AWAITED", "AWAITED"]);
    await store.write(() => one.restored.advance("SYNCED"));
    await store.write(() => two.restored.advance("HANDED"));
    expect(states()).toEqual(["SYNCED", "HANDED", "HANDED"]);
    await store.write(() => two.restored.advance("SYNCED"));
    expect(states()).toEqual(["SYNCED", "SYNCED", "SYNCED"]);
  });

  it("waits for no hub that the register names no more", async () => {
    await store.write(() => store.restored.begin(5));
    await store.write(() => one.restored.advance("SYNCED"));
    linked = hubs.slice(0, 1);
    await store.write(() => settleRestored(store, linked));
    expect(store.restored.mark()?.state).toBe("SYNCED");
  });

  it("begins anew with every hub when it is put back again", async () => {
    await store.write(() => store.restored.begin(5));
    for (const line of [one, two]) await store.write(() => line.restored.advance("SYNCED"));
    await store.write(() => store.restored.begin(6));
    expect(states()).toEqual(["AWAITED", "AWAITED", "AWAITED"]);
  });
});
