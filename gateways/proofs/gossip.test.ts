import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeNoteSigner } from "../../certs/log/index.ts";
import { makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { honestSigner, leafOf, logHubStart, makeShownLog, placedMessage, type ShownLog } from "../../test/kit/log-hub.ts"; // prettier-ignore
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { openStore, type Store } from "../store/index.ts";
import { type Proofs, startProofs } from "./index.ts";

const [west, east] = ["ecowas/hub", "eac/hub"] as const;
const anew = makeNoteSigner(`atumpan/${west}/2`, noteKey("ed25519"));
const eastern = makeNoteSigner(`atumpan/${east}`, noteKey("ed25519"));
const leaves = (...numbers: readonly number[]): Uint8Array[] => numbers.map((n) => leafOf(placedMessage(n))); // prettier-ignore
let dir: string;
let store: Store;
let clock: StillClock;
let logs: Record<string, ShownLog>;
let lines: readonly Proofs[];

function open(hub: string): Proofs {
  const keys: Record<string, readonly (typeof honestSigner)[]> = { [west]: [honestSigner, anew], [east]: [eastern] };
  return startProofs({
    store, clock, log: silentLog, chance: makeSeededChance(hub), changed: () => undefined,
    register: () => ({ hubs: [{ hub: west }, { hub: east }], logKeys: (of) => (keys[of] ?? []).map(({ verifierKey }) => verifierKey) }),
    hub: () => hub, mayAsk: () => true, instanceOf: () => "i1",
    ask: (subject, question) => logs[hub]!.ask(subject, question),
  });
} // prettier-ignore

async function pass(seconds: number, running = lines): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    for (const one of running) {
      one.tick(true);
      await one.settled();
    }
  }
}

/** A hub shows a message of ours, so that its log is followed from there. */
async function follow(at: number, sequence: number): Promise<void> {
  const message = placedMessage(sequence, { box: "in" });
  await store.write(() => lines[at]!.place(message));
  await pass(2, [lines[at]!]);
}

async function hear(at: number, note: Uint8Array): Promise<void> {
  lines[at]!.heard("gh/tcu", note);
  await lines[at]!.settled();
}

const state = (): readonly string[] => store.logHeads.told().map((one) => one.state);
const alarms = () => store.logAlarms.open().map(({ code, hub }) => `${code} ${hub}`);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gossip-"));
  clock = makeStillClock(logHubStart + 5_000);
  store = openStore(join(dir, "store.db"), {}, clock);
  logs = {
    [west]: makeShownLog(leaves(1, 2, 3)),
    [east]: makeShownLog(leaves(4, 5, 6), { signer: eastern }),
  };
  lines = [open(west)];
  await follow(0, 1);
});
afterEach(async () => {
  for (const one of lines) await one.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

describe("what another agency was shown of a log that ended", () => {
  beforeEach(async () => {
    logs[west] = makeShownLog(leaves(7), { signer: anew });
    await follow(0, 7);
    expect(store.logHeads.of(west)?.origin).toBe(`atumpan/${west}/2`);
    await store.write(() => store.logAlarms.end({ code: "LOG_RESTARTED", hub: west }, clock.now(), "person:1"));
  });

  it.each([
    ["the same", [1, 2, 3], "GOOD"],
    ["another root of the size that we verified", [1, 2, 9], "FORKED"],
    ["a size that nobody proves any more", [1, 2], "NEW"],
  ] as const)("%s", async (_, shown, found) => {
    await hear(0, makeShownLog(leaves(...shown)).note());
    await pass(2);
    expect([state(), alarms()]).toEqual([[found], found === "FORKED" ? [`LOG_INCONSISTENT ${west}`] : []]);
    const before = logs[west]!.asked.length;
    await pass(5);
    expect(logs[west]!.asked.length).toBe(before);
  });
}); // prettier-ignore

describe("what another agency was shown of a log that we were not shown yet", () => {
  it.each([
    ["the same", 7, "GOOD"],
    ["another", 8, "FORKED"],
  ])("is compared once we are: %s", async (_, first, found) => {
    await hear(0, makeShownLog(leaves(first), { signer: anew }).note());
    await pass(2);
    expect(state()).toEqual(["NEW"]);
    logs[west] = makeShownLog(leaves(7, 9), { signer: anew });
    await follow(0, 7);
    await pass(2);
    expect(state()).toEqual([found]);
    expect(alarms().includes(`LOG_INCONSISTENT ${west}`)).toBe(found === "FORKED");
  });
});

describe("of several hubs that one gateway is linked to", () => {
  beforeEach(async () => {
    lines = [lines[0]!, open(east)];
    await follow(1, 5);
  });

  it.each([
    ["an earlier size of the same", [4, 5], "GOOD"],
    ["an earlier size of another", [4, 9], "FORKED"],
    ["a later size that the hub does not prove", [4, 5, 6, 7], "FORKED"],
  ] as const)("each line compares what is told of its own hub, at any two sizes, and leaves the other's alone: %s", async (_, shown, found) => {
    const told = found === "FORKED" ? [`LOG_INCONSISTENT ${east}`] : [];
    const note = makeShownLog(leaves(...shown), { signer: eastern }).note();
    await hear(0, note);
    await pass(70, [lines[0]!]);
    expect([state(), alarms()]).toEqual([["NEW"], []]);
    await hear(1, note);
    // after a restart it is found in the store
    lines = [lines[0]!, open(east)];
    await pass(70);
    expect([state(), alarms()]).toEqual([[found], told]);
    expect([lines[0]!.isHalted, lines[1]!.isHalted]).toEqual([false, found === "FORKED"]);
  });
}); // prettier-ignore
