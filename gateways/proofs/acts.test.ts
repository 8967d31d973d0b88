import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { verifyCheckpoint } from "../../certs/log/index.ts";
import {
  makeSeededChance,
  sameBytes,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import { encodeLogAnswer, encodeLogLeaf, type LogLeaf, parseLogActQuestion, parseLogLeaf } from "../../schemas/index.ts"; // prettier-ignore
import {
  honestSigner,
  leafOf,
  logHubStart,
  makeShownLog,
  placedMessage,
  type ShownLog,
} from "../../test/kit/log-hub.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { type LogAct, openStore, type Store } from "../store/index.ts";
import { makeActWaits } from "./act-waits.ts";
import { makeLogDesk, type Proofs, startProofs } from "./index.ts";

const agency = "ng/tcu";
const hub = "ecowas/hub";
let dir: string;
let store: Store;
let clock: StillClock;
let shown: ShownLog;
let proofs: Proofs;
/** What a hub that lies makes of the leaf of an act. */
let lie: Partial<LogLeaf> = {};
let refusal: string | undefined;
/** What a hub that does not do its work says instead: it took it, it says nothing, or it sends us on. */
let stall: "taken" | "silent" | "sends on" | undefined;
let asked = 0;

function actLeaf(origin: string, sequence: number, change: Partial<LogLeaf> = {}): Uint8Array {
  const commitment = sha256(utf8(`${origin} ${sequence}`));
  const base = { kind: "ACT", time: logHubStart, stream: "JOURNAL", commitment, act: "RIGHTS_CHANGED" };
  return encodeLogLeaf({ ...base, instance: origin, origin, sequence, ...change });
} // prettier-ignore

function enter(question: Uint8Array): Uint8Array | undefined {
  asked += 1;
  if (stall === "silent") return undefined;
  if (stall === "taken") return encodeLogAnswer({ hashes: [], leaves: [], last: 0 });
  if (stall === "sends on")
    return encodeLogAnswer({ hashes: [], leaves: [], last: asked * 9, refused: "LOG_ACT_OTHER" });
  const { act, commitment, sequence } = parseLogActQuestion(question);
  const acts = shown.leaves.map(parseLogLeaf).filter(({ instance }) => instance === agency);
  const at = acts.find((one) => one.sequence === sequence);
  const last = acts.length;
  const isOther = at === undefined ? sequence !== last + 1 : !sameBytes(at.commitment!, commitment);
  const refused = refusal ?? (isOther ? "LOG_ACT_OTHER" : undefined);
  if (refused === undefined && at === undefined) {
    shown.leaves.push(actLeaf(agency, sequence, { act, commitment, ...lie }));
    shown.leaves.push(leafOf(placedMessage(100 + last)));
  }
  return encodeLogAnswer({ hashes: [], leaves: [], last, refused });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "acts-"));
  clock = makeStillClock(logHubStart + 5_000);
  store = openStore(join(dir, "store.db"), {}, clock);
  shown = makeShownLog([1, 2].map((n) => leafOf(placedMessage(n))));
  [lie, refusal, asked, stall] = [{}, undefined, 0, undefined];
  proofs = startProofs({
    agency, store, clock, log: silentLog, chance: makeSeededChance("acts"), changed: () => undefined,
    register: () => ({ hubs: [{ hub }], logKeys: () => [honestSigner.verifierKey] }),
    hub: () => hub, mayAsk: () => true, instanceOf: () => "i1",
    ask: (subject, question) => subject === "out.log.act" ? Promise.resolve(enter(question)) : shown.ask(subject, question),
  });
}); // prettier-ignore
afterEach(async () => {
  await proofs.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

async function pass(seconds: number, isUp = true): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    proofs.tick(isUp);
    await proofs.settled();
  }
}

async function add(position: number, act = "INSPECTION_OPENED"): Promise<void> {
  const commitment = sha256(utf8(`line ${position}`));
  await store.write(() => store.logActs.add({ position, act, at: clock.now(), salt: new Uint8Array(16), commitment }));
} // prettier-ignore

const told = (): readonly string[] => store.logAlarms.open().map(({ code }) => code);
const standing = () => makeLogDesk({ store, clock, hub: () => hub, register: () => ({ hubs: [{ hub }], logKeys: () => [honestSigner.verifierKey] }) }).standing()?.acts; // prettier-ignore
const of = (position: number): LogAct | undefined => store.logActs.of(position);

describe("an act of this agency", () => {
  it("is entered after the one before it and proved, with the root of the log as it was its last", async () => {
    await add(4);
    await add(9, "INSPECTION_CLOSED");
    await pass(4);
    expect([of(4), of(9)]).toMatchObject([
      { state: "PROVED", number: 1, proved: { index: 2 } },
      { state: "PROVED", number: 2, proved: { index: 4 } },
    ]);
    // as a log of just these entries has it
    const { root } = verifyCheckpoint(shown.note(3), honestSigner.verifierKey).checkpoint;
    expect(sameBytes(of(4)!.ownRoot!, root)).toBe(true);
    expect(store.logActs.countWaiting()).toBe(0);
    const before = asked;
    await pass(5);
    expect(asked).toBe(before);
  }); // prettier-ignore

  it("waits while the link is down or the hub refuses, and holds up nothing", async () => {
    await add(1);
    await pass(3, false);
    expect([of(1)?.state, asked]).toEqual(["WAITING", 0]);
    refusal = "QUOTA_EXCEEDED";
    await pass(3);
    expect(of(1)).toMatchObject({ state: "WAITING", code: "QUOTA_EXCEEDED" });
    expect(asked).toBe(1);
    refusal = undefined;
    await pass(602);
    expect(of(1)?.state).toBe("PROVED");
  });

  it("of a store that was put back goes on where the log stands, and is entered once", async () => {
    shown.leaves.push(actLeaf(agency, 1), actLeaf(agency, 2));
    await add(7);
    await pass(5);
    expect(of(7)).toMatchObject({ state: "PROVED", number: 3 });
    // the answer was lost, or the store is older than the act: the leaf that stands there is ours
    const { commitment, act } = of(7)!;
    shown.leaves.push(actLeaf(agency, 4, { act, commitment: sha256(utf8("line 8")) }));
    expect(sameBytes(commitment, sha256(utf8("line 7")))).toBe(true);
    await add(8);
    await pass(5);
    expect(of(8)).toMatchObject({ state: "PROVED", number: 4 });
    expect(shown.leaves.filter((leaf) => parseLogLeaf(leaf).instance === agency)).toHaveLength(4);
  });

  it.each<[string, Partial<LogLeaf>]>([
    ["another act", { act: "PURGED_BY_ORDER" }],
    ["another line", { commitment: sha256(utf8("another")) }],
  ])("that the hub enters as %s is not proved", async (_what, change) => {
    lie = change;
    await add(1);
    await pass(10);
    // that such a leaf stands there in our name is the monitor's to tell
    expect([of(1)?.state, of(1)?.proved]).toEqual(["WAITING", undefined]);
    await pass(60);
    // that none of ours stands there
    expect(told()).toEqual(["LOG_ACT_MISSING"]);
  });
});

describe("a hub that does not enter an act", () => {
  it.each([
    ["takes it and enters nothing", "taken", 55, 70],
    ["says nothing at all", "silent", 170, 300],
    ["sends us on from number to number", "sends on", 3, 70],
  ] as const)("and %s is told of after its time, once, and not before", async (...[, how, early, late]) => {
    stall = how;
    await add(1);
    await pass(early);
    expect([told(), standing()?.state]).toEqual([[], "WAITING"]);
    await pass(late - early);
    expect([told(), standing()]).toMatchObject([["LOG_ACT_MISSING"], { state: "MISSING", waiting: 1 }]);
    await pass(120);
    expect(store.changes.after(0, 10).map(({ kind, state }) => [kind, state])).toEqual([["LOG", "LOG_ACT_MISSING"]]);
    // it asks on, seldom, and what is entered after all ends the alarm
    stall = undefined;
    await pass(190);
    expect([of(1)?.state, told(), standing()]).toEqual(["PROVED", [], undefined]);
  }); // prettier-ignore

  it("and refuses it is told of as refusing, a quarter of an hour on", async () => {
    refusal = "LOG_FULL";
    await add(1);
    await pass(602);
    expect([told(), standing()?.code]).toEqual([[], "LOG_FULL"]);
    await pass(602);
    expect([told(), standing()]).toMatchObject([
      ["LOG_ACT_REFUSED"],
      { state: "REFUSED", code: "LOG_FULL" },
    ]);
    refusal = undefined;
    await pass(602);
    expect([of(1)?.state, told()]).toEqual(["PROVED", []]);
  });

  it("for there are too many in this hour is not told of: they are entered in the next", async () => {
    refusal = "QUOTA_EXCEEDED";
    await add(1);
    for (let i = 0; i < 8; i += 1) {
      clock.move(600_000);
      await pass(1);
    }
    expect([told(), standing()?.state]).toEqual([[], "WAITING"]);
  });

  it("is told of no sooner for a link that was down", async () => {
    stall = "taken";
    await add(1);
    for (let i = 0; i < 5; i += 1) {
      await pass(8);
      await pass(100, false);
    }
    expect(told()).toEqual([]);
    await pass(30);
    expect(told()).toEqual(["LOG_ACT_MISSING"]);
  });

  it("whose log is another one, or whose act our own disk does not take, has its own alarm", () => {
    const waits = makeActWaits(() => clock.elapsed());
    expect(waits.note(1, "OURS", "LOG_INCONSISTENT")).toBeUndefined();
    clock.move(3_600_000);
    expect(waits.note(1, "OURS", "STORE_FULL")).toBeUndefined();
  });
});
