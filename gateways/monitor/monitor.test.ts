import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  edgePositions,
  leafHash,
  makeNoteSigner,
  nodeHash,
  type Position,
} from "../../certs/log/index.ts";
import {
  type Bytes,
  makeSeededChance,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import { encodeLogAnswer, encodeLogLeaf, parseLogSizesQuestion } from "../../schemas/index.ts";
import {
  honestSigner,
  leafOf,
  logHubStart,
  makeShownLog,
  placedMessage,
  type ShownLog,
} from "../../test/kit/log-hub.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { startProofs } from "../proofs/index.ts";
import { openStore, type Store } from "../store/index.ts";
import { type Monitor, startMonitor } from "./index.ts"; // prettier-ignore

const hub = "ecowas/hub";
const agency = "ng/tcu";
const digest = sha256(utf8("snapshot"));
let dir: string;
let store: Store;
let clock: StillClock;
let shown: ShownLog;
let monitor: Monitor;
let mayAsk = true;
let epoch = 7;
/** Changes what the hub answers to a question for entries. */
let lie: (leaves: readonly Bytes[]) => readonly Bytes[] = (leaves) => leaves;

function hash({ level, index }: Position): Bytes {
  if (level === 0) return leafHash(shown.leaves[index]!);
  return nodeHash(hash({ level: level - 1, index: index * 2 }), hash({ level: level - 1, index: index * 2 + 1 }));
} // prettier-ignore

function ask(subject: string, question: Bytes): Promise<Bytes | undefined> {
  const checkpoint = shown.note();
  if (subject === "out.log.checkpoint") return Promise.resolve(encodeLogAnswer({ checkpoint, hashes: [], leaves: [] }));
  if (subject !== "out.log.entries") return shown.ask(subject, question);
  const { from, to } = parseLogSizesQuestion(question);
  const edge = from === to ? edgePositions(from).map(hash) : [];
  const leaves = lie(shown.leaves.slice(from, Math.min(to, from + 3)));
  return Promise.resolve(encodeLogAnswer({ checkpoint, hashes: edge, leaves: [...leaves] }));
} // prettier-ignore

function open(): void {
  const register = () => ({ hubs: [{ hub }], epoch, digest, logKeys: () => [honestSigner.verifierKey] });
  const ground = { store, clock, log: silentLog, ask, hub: () => hub, register, mayAsk: () => mayAsk };
  const proofs = startProofs({ ...ground, chance: makeSeededChance("monitor"), changed: () => undefined, instanceOf: () => "i1" });
  monitor = startMonitor({ ...ground, agency, bell: proofs.bell, saw: (of, note) => proofs.saw(of, note) });
} // prettier-ignore

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    monitor.tick(true);
    await monitor.settled();
  }
}

function alarms(): readonly string[] {
  return store.logAlarms.open().map(({ code }) => code);
}

function enter(...leaves: readonly Bytes[]): void {
  shown.leaves.push(...leaves);
}

/** A message that this gateway sent, and its leaf. */
async function send(n: number): Promise<Bytes> {
  const message = placedMessage(n);
  await store.write(() => store.logProofs.place({ ...message, box: "out" }, clock.now()));
  return leafOf(message);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "monitor-"));
  clock = makeStillClock(logHubStart + 5_000);
  store = openStore(join(dir, "store.db"), {}, clock);
  shown = makeShownLog(Array.from({ length: 5 }, (_, i) => leafOf(placedMessage(i + 1))));
  [mayAsk, epoch, lie] = [true, 7, (leaves) => leaves];
  open();
  await pass(15);
});
afterEach(async () => {
  await monitor.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

describe("the monitor", () => {
  it("an act in our name that is none of ours is told; those of others, and our own, are not", async () => {
    const commitment = sha256(utf8("line"));
    const act = (origin: string, sequence: number, bound = commitment): Bytes =>
      encodeLogLeaf({ kind: "ACT", time: logHubStart, stream: "JOURNAL", instance: origin, origin, sequence, act: "RIGHTS_CHANGED", commitment: bound });
    await store.write(() => store.logActs.add({ position: 1, act: "RIGHTS_CHANGED", at: 1, salt: new Uint8Array(16), commitment }));
    enter(act(agency, 1), act("gh/fiu", 1, sha256(utf8("theirs"))));
    await pass(60);
    expect(alarms()).toEqual([]);
    enter(act(agency, 2, sha256(utf8("forged"))));
    await pass(60);
    expect(alarms()).toEqual(["LOG_ENTRY_FOREIGN"]);
  }); // prettier-ignore

  it("begins at the end of the log: what stood there before is not in question", async () => {
    await pass(60);
    expect([store.logWatch.of(hub)?.size, alarms()]).toEqual([5, []]);
  });

  it("messages that were sent here are ours, one after another", async () => {
    for (let n = 6; n < 20; n += 1) enter(await send(n));
    await pass(90);
    expect([store.logWatch.of(hub)?.size, store.logWatch.suspects(9), alarms()]).toEqual([
      19,
      [],
      [],
    ]);
  });

  it("an act of ours that the log calls by another name is told", async () => {
    const commitment = sha256(utf8("line"));
    await store.write(() => store.logActs.add({ position: 1, act: "INSPECTION_OPENED", at: 1, salt: new Uint8Array(16), commitment }));
    enter(encodeLogLeaf({ kind: "ACT", time: logHubStart, stream: "JOURNAL", instance: agency, origin: agency, sequence: 1, act: "RIGHTS_CHANGED", commitment }));
    await pass(60);
    expect(alarms()).toEqual(["LOG_ENTRY_FOREIGN"]);
  }); // prettier-ignore

  it("a message in our name that was not sent here is told within a minute, also after a new start", async () => {
    enter(await send(6), leafOf(placedMessage(7)));
    await pass(15);
    expect([store.logWatch.suspects(9).map(({ index }) => index), alarms()]).toEqual([[6], []]);
    open();
    await pass(45);
    expect(alarms()).toEqual(["LOG_ENTRY_FOREIGN"]);
  });

  it("another content at a place of ours is not ours", async () => {
    await send(6);
    enter(leafOf(placedMessage(6), { commitment: sha256(utf8("forged")) }));
    await pass(60);
    expect(alarms()).toEqual(["LOG_ENTRY_FOREIGN"]);
  });

  it("a receipt that comes late makes it ours", async () => {
    enter(leafOf(placedMessage(6)));
    await pass(20);
    await send(6);
    await pass(60);
    expect([store.logWatch.suspects(9), alarms()]).toEqual([[], []]);
  });

  it("messages of others are none of our business", async () => {
    enter(leafOf(placedMessage(6), { origin: "gh/tcu" }));
    await pass(60);
    expect([store.logWatch.of(hub)?.size, alarms()]).toEqual([6, []]);
  });

  const register = (sequence: number, commitment: Bytes): Bytes =>
    encodeLogLeaf({
      kind: "REGISTER",
      time: logHubStart,
      stream: "REGISTER",
      sequence,
      commitment,
    });

  it("a register of our number and of another content is told; ours is not", async () => {
    enter(register(6, utf8("x".repeat(32))), register(7, digest));
    await pass(60);
    expect(alarms()).toEqual([]);
    enter(register(7, sha256(utf8("another"))));
    await pass(20);
    expect(alarms()).toEqual(["REGISTER_FORKED"]);
  });

  it("a register that never comes here is told, one that comes is not", async () => {
    enter(register(8, digest));
    await pass(300);
    expect(alarms()).toEqual([]);
    epoch = 8;
    await pass(30);
    expect([store.logWatch.suspects(9), alarms()]).toEqual([[], []]);
    enter(register(9, digest));
    await pass(660);
    expect(alarms()).toEqual(["REGISTER_STALE"]);
  });

  it("on a thin line nothing is asked, and all is read once it is better", async () => {
    mayAsk = false;
    enter(leafOf(placedMessage(7)));
    await pass(120);
    expect([store.logWatch.of(hub)?.size, alarms()]).toEqual([5, []]);
    mayAsk = true;
    await pass(60);
    expect([store.logWatch.of(hub)?.size, alarms()]).toEqual([6, ["LOG_ENTRY_FOREIGN"]]);
  });

  it("entries that do not lead to the signed root are told, and what was read stays", async () => {
    lie = (leaves) => leaves.map(() => leafOf(placedMessage(99), { origin: "gh/tcu" }));
    enter(leafOf(placedMessage(6)));
    await pass(30);
    expect(alarms()).toEqual(["LOG_INCONSISTENT"]);
  });

  it("more entries than were asked for, none, and a note of another are not taken", async () => {
    enter(leafOf(placedMessage(6), { origin: "gh/tcu" }));
    for (const wrong of [() => [], (leaves: readonly Bytes[]) => [...leaves, ...leaves]]) {
      lie = wrong;
      await pass(30);
      expect([store.logWatch.of(hub)?.size, alarms()]).toEqual([5, []]);
    }
    const stranger = makeShownLog(shown.leaves, {
      signer: makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519")),
    });
    shown = stranger;
    lie = (leaves) => leaves;
    await pass(30);
    expect(store.logWatch.of(hub)?.size).toBe(5);
  });
});
