import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  checkQuorum,
  leafHash,
  makeCosigner,
  makeNoteSigner,
  makeQuorumPolicy,
  parseNote,
  renderNote,
  verifyProof,
} from "../../certs/log/index.ts";
import { makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import { honestSigner, leafOf, type Lie, logHubStart, makeShownLog, placedMessage, type ShownLog } from "../../test/kit/log-hub.ts"; // prettier-ignore
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { type LogProof, openStore, type PlacedMessage, type Store } from "../store/index.ts";
import { type Proofs, startProofs } from "./index.ts";

const hub = "ecowas/hub";
const [ng, gh, stranger] = ["w/ng", "w/gh", "w/nobody"].map((name) => makeCosigner(name, noteKey("ed25519"))) as [Cosigner, Cosigner, Cosigner]; // prettier-ignore
type Cosigner = ReturnType<typeof makeCosigner>;
const witnesses = [ng, gh].map(({ verifierKey: key }) => ({ name: key.name, keys: [key] }));
const messages = [1, 2, 3].map((n) => placedMessage(n));
let dir: string;
let store: Store;
let clock: StillClock;
let shown: ShownLog;
let proofs: Proofs;
let lie: Lie;
let policy = makeQuorumPolicy(witnesses, 2);
let isUp = true;
let isThin = false;

/** What a log shows at a size, with the words of these witnesses. */
function cosign(by: readonly Cosigner[], { size, at = clock.now(), of = shown }: { size?: number; at?: number; of?: ShownLog } = {}): Uint8Array {
  const { text, signatures } = parseNote(of.note(size));
  return renderNote({ text, signatures: [...signatures, ...by.map((one) => one.cosign(text, at))] });
} // prettier-ignore

function start(): void {
  proofs = startProofs({
    store, clock, log: silentLog, chance: makeSeededChance("raise"), changed: () => undefined,
    register: () => ({ hubs: [{ hub }], logKeys: () => [honestSigner.verifierKey] }),
    policy: () => policy, hub: () => hub, mayAsk: () => true, isThin: () => isThin, instanceOf: () => "i1",
    ask: (subject, question) => isUp ? shown.ask(subject, question) : Promise.resolve(undefined),
  });
} // prettier-ignore

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    clock.move(1_000);
    proofs.tick(true);
    await proofs.settled();
  }
}

const proofOf = ({ box, digest }: PlacedMessage): LogProof => store.logProofs.of(box, digest)[0]!;
const seenAt = (): readonly unknown[] => messages.map((one) => proofOf(one).proved?.cosignedAt);
const asks = (act: string): number => shown.asked.filter((one) => one === act).length;

/** Whether the file of a message would say that witnesses stand behind it. */
function isWitnessed(message: PlacedMessage): boolean {
  const { index, hashes, leaf, ...tree } = proofOf(message).proved!;
  const checkpoint = store.logHeads.note(tree)!;
  const keys = [honestSigner.verifierKey];
  return verifyProof({ proof: { index, hashes, checkpoint }, leafHash: leafHash(leaf), keys, policy }).quorum.isMet;
} // prettier-ignore

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "raise-"));
  clock = makeStillClock(logHubStart + 60_000);
  store = openStore(join(dir, "store.db"), {}, clock);
  lie = (_, told) => told;
  const leaves = messages.map((one) => leafOf(one));
  shown = makeShownLog(leaves, { lie: (act, told) => lie(act, told) });
  [policy, isUp, isThin] = [makeQuorumPolicy(witnesses, 2), true, false];
  start();
  await store.write(() => messages.forEach((one) => proofs.place(one)));
  await pass(2);
});
afterEach(async () => {
  await proofs.settled();
  store.close();
  rmSync(dir, { recursive: true });
});

describe("what was proved before witnesses had seen it", () => {
  it("is led to the first checkpoint that enough of them cosigned, one for all, and stays there", async () => {
    expect([messages.map(isWitnessed), seenAt()]).toEqual([
      [false, false, false],
      [undefined, undefined, undefined],
    ]);
    const provedAt = proofOf(messages[0]!).proved?.at;
    shown.leaves.push(leafOf(placedMessage(4)));
    shown.cosigned = cosign([ng, gh, stranger]);
    const at = Math.floor(clock.now() / 1000) * 1000;
    await pass(61);
    expect([messages.map(isWitnessed), seenAt()]).toEqual([
      [true, true, true],
      [at, at, at],
    ]);
    expect(proofOf(messages[0]!)).toMatchObject({
      state: "PROVED",
      proved: { size: 4, at: provedAt },
    });
    // somebody's line whom the register does not name is in no evidence
    const { size, root, origin } = proofOf(messages[0]!).proved!;
    const names = parseNote(store.logHeads.note({ size, root, origin })!).signatures.map(
      ({ name }) => name,
    );
    expect(names).toEqual([honestSigner.verifierKey.name, "w/ng", "w/gh"]);
    const before = shown.asked.length;
    await pass(130);
    expect([asks("cosigned"), shown.asked.length]).toEqual([1, before]);
  });

  it("of the size that was cosigned needs no question", async () => {
    shown.cosigned = cosign([ng, gh]);
    const before = asks("prove");
    await pass(61);
    expect([messages.every(isWitnessed), asks("prove")]).toEqual([true, before]);
  });

  it("is led there after a restart, and over a thin line some at a time", async () => {
    shown.leaves.push(leafOf(placedMessage(4)));
    shown.cosigned = cosign([ng, gh]);
    isThin = true;
    start();
    await pass(1);
    expect(messages.every(isWitnessed)).toBe(true);
    shown.leaves.push(leafOf(placedMessage(5)));
    proofs.saw(hub, shown.note());
    await pass(800);
    expect(asks("cosigned")).toBe(1);
  });

  it("waits for the next one when that ends before it", async () => {
    shown.cosigned = cosign([ng, gh], { size: 2 });
    await pass(61);
    expect(messages.map(isWitnessed)).toEqual([true, true, false]);
    shown.cosigned = cosign([ng, gh]);
    await pass(61);
    expect(messages.map(isWitnessed)).toEqual([true, true, true]);
  });

  it("stays as it is where the register asks for nobody's word, and nobody is asked", async () => {
    policy = makeQuorumPolicy(witnesses, 0);
    shown.cosigned = cosign([ng, gh]);
    await pass(130);
    expect([asks("cosigned"), seenAt()]).toEqual([0, [undefined, undefined, undefined]]);
  });

  it("is asked for again a while after the hub did not prove it; a wrong answer is no reason to leave the others", async () => {
    shown.leaves.push(leafOf(placedMessage(4)));
    shown.cosigned = cosign([ng, gh]);
    lie = (act, told) =>
      act === "prove" && told.index === 0 ? { ...told, hashes: told.hashes.toReversed() } : told;
    await pass(61);
    expect([messages.map(isWitnessed), store.logAlarms.open()]).toEqual([[false, true, true], []]);
    lie = (_, told) => told;
    await pass(61);
    expect(isWitnessed(messages[0]!)).toBe(true);
  });
});

describe("asked for one message, when a person wants its evidence", () => {
  it("it is led there at once, and another one without another question about the log", async () => {
    shown.leaves.push(leafOf(placedMessage(4)));
    shown.cosigned = cosign([ng, gh]);
    await Promise.all(messages.slice(0, 2).map((one) => proofs.proveWitnessed(proofOf(one))));
    expect([messages.map(isWitnessed), asks("cosigned")]).toEqual([[true, true, false], 1]);
  });

  const other = makeShownLog([7, 8, 9].map((n) => leafOf(placedMessage(n))));
  const foreign = makeShownLog(messages.map((one) => leafOf(one)), { signer: makeNoteSigner("atumpan/eac/hub", noteKey("ed25519")) });
  const refusals: readonly (readonly [name: string, code: string, show: () => void])[] = [
    ["the hub is away", "HUB_UNREACHABLE", () => void (isUp = false)],
    ["nothing was cosigned yet", "LOG_UNWITNESSED", () => undefined],
    ["too few cosigned", "LOG_UNWITNESSED", () => void (shown.cosigned = cosign([ng]))],
    ["one cosigned twice", "LOG_UNWITNESSED", () => void (shown.cosigned = cosign([ng, ng]))],
    ["witnesses cosigned whom the register does not name", "LOG_UNWITNESSED", () => void (shown.cosigned = cosign([ng, stranger]))],
    ["they cosigned later than now", "LOG_UNWITNESSED", () => void (shown.cosigned = cosign([ng, gh], { at: clock.now() + 3_600_000 }))],
    ["they cosigned before the message was taken", "LOG_CHECKPOINT_INVALID", () => void (shown.cosigned = cosign([ng, gh], { at: logHubStart - limits.maxAheadMs }))],
    ["what they cosigned ends before the message", "LOG_UNWITNESSED", () => void (shown.cosigned = cosign([ng, gh], { size: 2 }))],
    ["they cosigned another log", "LOG_CHECKPOINT_INVALID", () => void (shown.cosigned = cosign([ng, gh], { of: foreign }))],
    ["they cosigned another history of it", "LOG_INCONSISTENT", () => void (shown.cosigned = cosign([ng, gh], { of: other }))],
    ["the hub proves another place", "LOG_PROOF_INVALID", () => {
      shown.leaves.push(leafOf(placedMessage(4)));
      shown.cosigned = cosign([ng, gh]);
      lie = (act, told) => (act === "prove" ? { ...told, hashes: told.hashes.toReversed() } : told);
    }],
    ["the hub shows another leaf there", "LOG_PROOF_INVALID", () => {
      shown.leaves.push(leafOf(placedMessage(4)));
      shown.cosigned = cosign([ng, gh]);
      lie = (act, told) => (act === "prove" ? { ...told, leaf: leafOf(placedMessage(4)) } : told);
    }],
  ];

  it.each(refusals)("it stays as it was when %s, and that is said: %s", async (_, code, show) => {
    show();
    const last = messages[2]!;
    const kept = (): readonly unknown[] => [proofOf(last), store.logHeads.note(proofOf(last).proved!)];
    const before = kept();
    await expect(proofs.proveWitnessed(proofOf(last))).rejects.toMatchObject({ code });
    expect(kept()).toEqual(before);
    expect(checkQuorum(parseNote(store.logHeads.note(proofOf(last).proved!)!), policy).by).toEqual([]);
    expect(proofs.isHalted).toBe(code === "LOG_INCONSISTENT");
  });

  it("what is not proved yet is not led anywhere", async () => {
    const next = placedMessage(5);
    await store.write(() => proofs.place(next));
    shown.cosigned = cosign([ng, gh]);
    await expect(proofs.proveWitnessed(proofOf(next))).rejects.toMatchObject({ code: "LOG_ENTRY_MISSING" });
  });
}); // prettier-ignore
