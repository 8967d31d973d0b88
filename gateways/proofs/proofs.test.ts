import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeNoteSigner } from "../../certs/log/index.ts";
import {
  makeSeededChance,
  parseUtf8,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import type { LogLeaf } from "../../schemas/index.ts";
import {
  honestSigner,
  leafOf,
  type Lie,
  logHubStart,
  makeShownLog,
  placedMessage,
  type ShownLog,
} from "../../test/kit/log-hub.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { openStore, type PlacedMessage, type Store } from "../store/index.ts";
import { makeLogDesk, type Proofs, startProofs } from "./index.ts"; // prettier-ignore

const hub = "ecowas/hub";
const otherLeaf = (n: number): Uint8Array => leafOf(placedMessage(n));
let dir: string;
let store: Store;
let clock: StillClock;
let shown: ShownLog;
let keys = [honestSigner.verifierKey];
let proofs: Proofs;
let mayAsk = true;
/** The instance of every stream, as the hub said last. */
let instance = "i1";

function register() {
  return { hubs: [{ hub }], logKeys: (of: string) => (of === hub ? keys : []) };
}

function start(): void {
  proofs = startProofs({
    agency: "ng/tcu",
    store, clock, register, chance: makeSeededChance("proofs"), log: silentLog, changed: () => undefined,
    hub: () => hub, ask: (subject, question) => shown.ask(subject, question), mayAsk: () => mayAsk, instanceOf: () => instance,
  });
} // prettier-ignore

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "proofs-"));
  clock = makeStillClock(logHubStart + 5_000);
  store = openStore(join(dir, "store.db"), {}, clock);
  keys = [honestSigner.verifierKey];
  mayAsk = true;
  instance = "i1";
  start();
});
afterEach(async () => {
  await proofs.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

async function pass(seconds = 1, isUp = true): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    await proofs.settled();
    proofs.tick(isUp);
    await proofs.settled();
  }
}

async function place(message: PlacedMessage): Promise<void> {
  await store.write(() => proofs.place(message));
}

function proofOf({ box, digest }: PlacedMessage) {
  return store.logProofs.of(box, digest)[0];
}

const desk = () => makeLogDesk({ store, clock, register, hub: () => hub });
const codes = () =>
  store.logAlarms
    .open()
    .map(({ code }) => code)
    .toSorted();

describe("a message is proved in the hub's log", () => {
  const ours = placedMessage(3, { claimed: 2 });

  it("when leaf, index, growth and hashes were checked; the facts are kept", async () => {
    shown = makeShownLog([1, 2].map(otherLeaf));
    proofs.saw(hub, shown.note());
    shown.leaves.push(leafOf(ours), otherLeaf(4));
    proofs.saw(hub, shown.note());
    await place(ours);
    await pass();
    const { state, proved, salt } = proofOf(ours)!;
    expect([state, proved?.index, proved?.size, salt.length]).toEqual(["PROVED", 2, 4, 16]);
    expect([String(proved?.leaf), proved?.leafTime]).toEqual([
      String(new Uint8Array(leafOf(ours))),
      logHubStart + 1_000,
    ]);
    expect(parseUtf8(store.logHeads.note(proved!)!)).toBe(parseUtf8(shown.note()));
    expect(desk().standing()).toMatchObject({ state: "GOOD", size: 4, pending: 0, missing: 0 });
  });

  it("one that we took, by its place alone; the log that grew meanwhile is proved to have only grown", async () => {
    const theirs = placedMessage(1, { box: "in", instance: "" });
    shown = makeShownLog([leafOf(placedMessage(1))]);
    await place(theirs);
    await pass();
    expect(proofOf(theirs)).toMatchObject({ state: "PROVED", instance: "i1" });
    const next = placedMessage(2, { box: "in" });
    shown.leaves.push(leafOf(next), otherLeaf(3));
    await place(next);
    await pass();
    expect(proofOf(next)).toMatchObject({ state: "PROVED", proved: { index: 1, size: 3 } });
    expect(shown.asked).toEqual(["prove", "prove", "consistency"]);
  });

  it("one size is asked for where many wait, and each is proved", async () => {
    const many = Array.from({ length: 12 }, (_, i) => placedMessage(i + 1, { box: "in" }));
    shown = makeShownLog(many.map((one) => leafOf(one)));
    for (const one of many) await place(one);
    await pass();
    expect(store.logProofs.count("PENDING")).toBe(0);
    expect(shown.asked).toEqual(many.map(() => "prove"));
  });

  it("F4 one that came of a stream made anew, before we heard that it was: at the same number of the one before stands another", async () => {
    const theirs = placedMessage(1, { box: "in" });
    const before = { ...placedMessage(9), sequence: 1 };
    shown = makeShownLog([leafOf(before)]);
    await place(theirs);
    await pass(5);
    // the hub may not have told yet where its streams stand: no alarm for that
    expect([proofOf(theirs)?.state, codes()]).toEqual(["PENDING", []]);
    shown.leaves.push(leafOf({ ...theirs, instance: "i2" }));
    await pass(5);
    expect(proofOf(theirs)?.state).toBe("PENDING");
    instance = "i2";
    await pass(10);
    expect(proofOf(theirs)).toMatchObject({
      state: "PROVED",
      instance: "i2",
      proved: { index: 1 },
    });
    expect(codes()).toEqual([]);
  });

  it("F4 one that the hub handed over and lost before it was entered is missing, and proved where it was taken anew", async () => {
    const theirs = placedMessage(7, { box: "in" });
    shown = makeShownLog([otherLeaf(1)]);
    await place(theirs);
    instance = "i2";
    await pass(70);
    expect([proofOf(theirs)?.state, codes()]).toEqual(["MISSING", ["LOG_PROOF_MISSING"]]);
    const anew = { ...theirs, instance: "i2", sequence: 2 };
    shown.leaves.push(leafOf(anew));
    await place(anew);
    await pass(301);
    expect([proofOf(anew)?.state, codes()]).toEqual(["PROVED", []]);
  });

  it("nothing is asked of a hub without a log, and nothing waits", async () => {
    keys = [];
    shown = makeShownLog([leafOf(ours)]);
    await place(ours);
    await pass(3);
    expect([shown.asked, proofOf(ours), desk().standing()?.state]).toEqual([[], undefined, "NONE"]);
  });

  it("on a thin line nothing is asked while there is anything else, but for a few once a minute", async () => {
    mayAsk = false;
    const all = [3, 4, 5, 6, 7].map((index) => placedMessage(index, { claimed: index - 1 }));
    shown = makeShownLog([1, 2].map(otherLeaf).concat(all.map((one) => leafOf(one))));
    for (const one of all) await place(one);
    const proved = (): number => all.filter((one) => proofOf(one)?.state === "PROVED").length;
    await pass(5);
    expect([shown.asked, proved()]).toEqual([[], 0]);
    clock.move(60_000);
    await pass(5);
    expect(proved()).toBe(4);
    clock.move(60_000);
    await pass();
    expect(proved()).toBe(5);
  });

  it("what waits is asked for after a restart", async () => {
    shown = makeShownLog([1, 2].map(otherLeaf).concat(leafOf(ours)));
    await place(ours);
    start();
    await pass();
    expect(proofOf(ours)?.state).toBe("PROVED");
  });
});

describe("a message is not proved, and people are told,", () => {
  const ours = placedMessage(3, { claimed: 2 });
  const wrongs: readonly (readonly [name: string, change: Partial<LogLeaf>])[] = [
    ["commitment", { commitment: sha256(utf8("another message")) }],
    ["origin", { origin: "gh/tcu" }],
    ["crime", { crime: "theft" }],
    ["handling", { handling: "h2" }],
    ["type", { type: "warning" }],
    ["family", { family: "bulletin", type: "red_flag" }],
    ["rec", { rec: "eac" }],
    ["a time before it was written", { time: logHubStart - 1 }],
    ["a time after the receipt", { time: logHubStart + 60_001 }],
  ];

  it.each(wrongs)("when its leaf shows another %s", async (_, change) => {
    shown = makeShownLog([1, 2].map(otherLeaf).concat(leafOf(ours, change)));
    await place(ours);
    await pass();
    expect(proofOf(ours)).toMatchObject({ state: "MISSING", code: "LOG_PROOF_INVALID" });
    expect(codes()).toEqual(["LOG_PROOF_MISSING"]);
    expect(proofs.isHalted).toBe(false);
  });

  const lies: readonly (readonly [name: string, lie: Lie])[] = [
    ["a proof of another place", (_, one) => ({ ...one, hashes: one.hashes.toReversed() })],
    ["another index than the receipt named", (_, one) => ({ ...one, index: 1 })],
    ["no leaf", (_, { leaf: _leaf, ...one }) => one],
    ["what is no leaf", (_, one) => ({ ...one, leaf: utf8("leaf") })],
  ];

  it.each(lies)("when the hub answers with %s", async (_, lie) => {
    shown = makeShownLog([1, 2].map(otherLeaf).concat(leafOf(ours), otherLeaf(4)), { lie });
    await place(ours);
    await pass();
    expect(proofOf(ours)).toMatchObject({ state: "MISSING", code: "LOG_PROOF_INVALID" });
    expect(codes()).toEqual(["LOG_PROOF_MISSING"]);
  });

  it("when the receipt named another index than that of its leaf", async () => {
    const other = { ...ours, claimed: 1 };
    shown = makeShownLog([1, 2].map(otherLeaf).concat(leafOf(ours)));
    await place(other);
    await pass();
    expect(proofOf(other)).toMatchObject({ state: "MISSING", code: "LOG_PROOF_INVALID" });
  });

  const silences: readonly (readonly [name: string, code: string, lie: Lie])[] = [
    ["says that there is no such entry", "LOG_ENTRY_MISSING", () => ({ hashes: [], leaves: [], refused: "LOG_ENTRY_MISSING" })],
    ["says nothing", "HUB_UNREACHABLE", () => undefined],
  ]; // prettier-ignore

  it.each(silences)("when the hub %s for a minute, and not before", async (_, code, lie) => {
    shown = makeShownLog([leafOf(ours)], { lie });
    await place(ours);
    await pass(58);
    expect([proofOf(ours)?.state, codes()]).toEqual(["PENDING", []]);
    await pass(10);
    expect(proofOf(ours)).toMatchObject({ state: "MISSING", code });
    expect(codes()).toEqual(["LOG_PROOF_MISSING"]);
    expect(store.changes.after(0, 10).map(({ kind, state }) => [kind, state])).toEqual([["LOG", "LOG_PROOF_MISSING"]]);
    // proved after all, the alarm passes
    shown = makeShownLog([1, 2].map(otherLeaf).concat(leafOf(ours)));
    await pass(301);
    expect([proofOf(ours)?.state, codes()]).toEqual(["PROVED", []]);
  }); // prettier-ignore

  it("but the time without a link does not count", async () => {
    shown = makeShownLog([], {
      lie: () => ({ hashes: [], leaves: [], refused: "LOG_ENTRY_MISSING" }),
    });
    await place(ours);
    await pass(30);
    await pass(300, false);
    await pass(20);
    expect([proofOf(ours)?.state, codes()]).toEqual(["PENDING", []]);
  });
});

/** A head of three entries was verified. */
async function verifyThree(): Promise<void> {
  shown = makeShownLog([1, 2, 3].map(otherLeaf));
  await place(placedMessage(3, { claimed: 2 }));
  await pass();
}

describe("a log that is not the one that was verified halts the trust", () => {
  const forks: readonly (readonly [name: string, leaves: readonly number[], size: number])[] = [
    ["another root at the same size", [1, 2, 9], 3],
    ["a larger one that begins otherwise", [1, 9, 3, 4, 5], 5],
    ["an earlier size of another log", [1, 9, 3, 4], 2],
  ];

  it.each(forks)("%s: both notes are kept, and the proved stays proved", async (_, leaves, size) => {
    await verifyThree();
    const ours = parseUtf8(shown.note());
    shown = makeShownLog(leaves.map(otherLeaf));
    proofs.saw(hub, shown.note(size));
    await place(placedMessage(leaves.at(-1)!, { box: "in" }));
    await pass(3);
    expect(proofs.isHalted).toBe(true);
    expect(desk().standing()?.state).toBe("INCONSISTENT");
    const [alarm] = store.logAlarms.open();
    expect(alarm).toMatchObject({ code: "LOG_INCONSISTENT", hub });
    expect(parseUtf8(alarm!.ours!)).toBe(ours);
    expect(parseUtf8(alarm!.theirs!)).not.toBe(ours);
    expect(proofOf(placedMessage(3))?.state).toBe("PROVED");
    expect(parseUtf8(store.logHeads.of(hub)!.note)).toBe(ours);
  }); // prettier-ignore

  it("a log that became shorter, once its hub had a minute to prove it", async () => {
    await verifyThree();
    shown = makeShownLog([1, 2].map(otherLeaf));
    proofs.saw(hub, shown.note());
    await pass(30);
    expect(proofs.isHalted).toBe(false);
    await pass(40);
    expect(codes()).toEqual(["LOG_INCONSISTENT"]);
  });

  it("an older receipt, handed over again, is none", async () => {
    await verifyThree();
    proofs.saw(hub, shown.note(2));
    await pass(3);
    expect([proofs.isHalted, shown.asked.at(-1)]).toEqual([false, "consistency"]);
  });

  it("a checkpoint that the hub's log did not sign is not believed, and is no alarm", async () => {
    await verifyThree();
    const stranger = makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519"));
    proofs.saw(hub, makeShownLog([1, 2, 9, 4].map(otherLeaf), { signer: stranger }).note());
    await pass(70);
    expect([codes(), store.logHeads.of(hub)?.size]).toEqual([[], 3]);
  });

  it("until a person goes on with what the hub shows now", async () => {
    await verifyThree();
    shown = makeShownLog([1, 9, 3, 4].map(otherLeaf));
    const next = placedMessage(4, { box: "in" });
    await place(next);
    await pass(3);
    expect(proofOf(next)).toMatchObject({ state: "MISSING", code: "LOG_INCONSISTENT" });
    await desk().trust(hub, "person:1");
    await pass(2);
    expect([proofs.isHalted, proofOf(next)?.state]).toEqual([false, "PROVED"]);
    expect(desk().alarms().find(({ code }) => code === "LOG_INCONSISTENT")).toMatchObject({ endedBy: "person:1" }); // prettier-ignore
    await expect(desk().trust(hub, "person:1")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("until the hub is left: then it ends, says why, and what was shown stays", async () => {
    await verifyThree();
    shown = makeShownLog([1, 9, 3, 4].map(otherLeaf));
    await place(placedMessage(4, { box: "in" }));
    await pass(3);
    expect(proofs.isHalted).toBe(true);
    await proofs.bell.leave([hub, "au/hub-two"]);
    expect(proofs.isHalted).toBe(true);
    await proofs.bell.raise({ code: "LOG_INCONSISTENT", hub: "au/never-ours", origin: "x", agency: "gh/tcu", ours: undefined, theirs: undefined });
    await proofs.bell.leave(["au/hub-two"]);
    const foreign = desk().alarms().find((one) => one.hub === "au/never-ours");
    const own = desk().alarms().find((one) => one.hub === hub && one.code === "LOG_INCONSISTENT");
    expect(own).toMatchObject({ endedBy: "HUB_LEFT", theirs: expect.anything() });
    // a hub that we were never linked to was not left
    expect(foreign).toBeDefined();
    expect(foreign?.endedAt).toBeUndefined();
    expect(proofs.isHalted).toBe(false);
  }); // prettier-ignore

  it("another log of the same hub is told, and followed from its beginning", async () => {
    await verifyThree();
    const signer = makeNoteSigner("atumpan/ecowas/hub/2", noteKey("ed25519"));
    keys = [honestSigner.verifierKey, signer.verifierKey];
    shown = makeShownLog([otherLeaf(4)], { signer });
    const next = placedMessage(4, { box: "in" });
    await place(next);
    await pass(2);
    expect([codes(), proofs.isHalted, proofOf(next)?.state]).toEqual([["LOG_RESTARTED"], false, "PROVED"]); // prettier-ignore
    expect(desk().heads().map(({ origin, size, endedAt }) => [origin, size, endedAt !== undefined])).toEqual([
      ["atumpan/ecowas/hub", 3, true], ["atumpan/ecowas/hub/2", 1, false],
    ]); // prettier-ignore
  });
});

describe("agencies tell each other what they were shown", () => {
  it("the hub's note with its own line, once an hour and only when it grew", async () => {
    expect(proofs.noteFor("gh/tcu")).toBeUndefined();
    await verifyThree();
    const told = proofs.noteFor("gh/tcu")!;
    expect([told, told.length < 256]).toEqual([shown.note(), true]);
    shown.leaves.push(otherLeaf(4));
    await place(placedMessage(4, { box: "in" }));
    await pass();
    expect(proofs.noteFor("gh/tcu")).toBeUndefined();
    clock.move(3_600_000);
    expect(proofs.noteFor("gh/tcu")).toEqual(shown.note());
    clock.move(3_600_000);
    expect(proofs.noteFor("gh/tcu")).toBeUndefined();
  });

  const told: readonly (readonly [name: string, leaves: readonly number[], state: string])[] = [
    ["the same", [1, 2, 3], "GOOD"],
    ["an earlier size", [1, 2], "GOOD"],
    ["another root", [1, 2, 9], "FORKED"],
    ["an earlier size of another", [1, 9], "FORKED"],
  ];

  it.each(told)("%s is seen to be %s %s", async (_, leaves, state) => {
    await verifyThree();
    const theirs = makeShownLog(leaves.map(otherLeaf)).note();
    proofs.heard("gh/tcu", theirs);
    await pass(3);
    expect(desk().told()).toMatchObject([{ agency: "gh/tcu", state }]);
    expect(proofs.isHalted).toBe(state === "FORKED");
    const notes = store.logAlarms.open().map((alarm) => [alarm.agency, parseUtf8(alarm.ours!), parseUtf8(alarm.theirs!)]); // prettier-ignore
    const fork = ["gh/tcu", parseUtf8(shown.note()), parseUtf8(theirs)];
    expect(notes).toEqual(state === "FORKED" ? [fork] : []);
  });

  it("a size that the hub says it does not have, when the hub does not prove it for a minute", async () => {
    await verifyThree();
    proofs.heard("gh/tcu", makeShownLog([1, 2, 3, 4].map(otherLeaf)).note());
    await pass(40);
    expect(proofs.isHalted).toBe(false);
    await pass(30);
    expect([codes(), desk().told()[0]?.state]).toEqual([["LOG_INCONSISTENT"], "FORKED"]);
  });

  it("what no log of the register signed is passed over, and what is too long", async () => {
    await verifyThree();
    const stranger = makeNoteSigner("atumpan/eac/hub", noteKey("ed25519"));
    proofs.heard("gh/tcu", makeShownLog([otherLeaf(1)], { signer: stranger }).note());
    proofs.heard("gh/tcu", utf8("x".repeat(513)));
    await pass(2);
    expect([desk().told(), codes()]).toEqual([[], []]);
  });
});
