import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { sha256, utf8 } from "../../schemas/ground/index.ts";
import type { RelayedItem } from "./relayed.ts";
import { openStore, type Store } from "./store.ts";

let dir = "";
let store: Store;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "relayed-"));
  store = openStore(join(dir, "store.db"));
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function item(name: string, differs: Partial<RelayedItem> = {}): Omit<RelayedItem, "seq"> {
  const way = { fromHub: "au/west", toHub: "au/south", agreementRef: "R1", sender: "ng/tcu", recipient: "za/tcu" };
  const place = { handling: "H1", channel: "direct.a", series: 1, sequence: 1 };
  const digest = sha256(utf8(name));
  const what = { digest, messageId: digest.subarray(0, 16), envelopeDigest: digest, bytes: utf8(name), sentDigest: sha256(digest) };
  return { ...way, ...place, ...what, state: "WAITING", takenAt: 1, expiresAt: 100, ...differs };
} // prettier-ignore

const add = async (one: Omit<RelayedItem, "seq">): Promise<void> =>
  await store.write(() => store.relayedMails.add(one));

describe("mail on its way through a relay", () => {
  it("that comes again is one, as it stood, and its sender is told again", async () => {
    const mails = store.relayedMails;
    await add(item("one"));
    await store.write(() => {
      mails.tell([1]);
      mails.accept(1, 5);
    });
    expect(mails.untold("au/west", 9)).toEqual([]);
    await add(item("one"));
    expect(mails.get(1)).toMatchObject({ state: "ACCEPTED" });
    expect(mails.get(2)).toBeUndefined();
    expect(mails.untold("au/west", 9).map(({ seq }) => seq)).toEqual([1]);
  });

  it("is over when it ends: the bytes are gone, and only the first end counts", async () => {
    const mails = store.relayedMails;
    await add(item("one"));
    await store.write(() => mails.end(1, "RELAY_NOT_AGREED"));
    await store.write(() => mails.end(1));
    expect(mails.get(1)).toMatchObject({
      state: "DONE",
      code: "RELAY_NOT_AGREED",
      bytes: undefined,
    });
    await store.write(() => mails.again("au/south"));
    expect([mails.queued("au/south", 9), mails.waiting()]).toEqual([[], []]);
    await store.write(() => mails.sweep(100));
    expect(mails.get(1)).toBeUndefined();
  });

  it("is found by what its reader says he holds, of that sender alone", async () => {
    const mails = store.relayedMails;
    for (const sequence of [1, 2, 3]) await add(item(`no ${sequence}`, { sequence }));
    const span = { sender: "ng/tcu", channel: "direct.a", series: 1, from: 2, to: 9 };
    expect(mails.open(span).map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(mails.open({ ...span, sender: "gh/tcu" })).toEqual([]);
    expect(mails.open({ ...span, series: 2 })).toEqual([]);
  });

  it("what a hub accepted goes to it again, and what goes to another does not", async () => {
    const mails = store.relayedMails;
    await add(item("one"));
    await add(item("two", { toHub: "au/west" }));
    await store.write(() => {
      mails.accept(1, 5);
      mails.accept(2, 5);
      mails.again("au/south");
    });
    expect([mails.queued("au/south", 9), mails.queued("au/west", 9)]).toEqual([[1], []]);
  });

  it("what went on is known by its place and by its message, held or not; what was refused is not among it", async () => {
    const mails = store.relayedMails;
    for (const sequence of [1, 2, 3]) await add(item(`no ${sequence}`, { sequence }));
    await store.write(() => {
      mails.accept(1, 5);
      mails.end(1);
      mails.end(2, "RELAY_NOT_AGREED");
    });
    const span = { sender: "ng/tcu", channel: "direct.a", series: 1, from: 1, to: 3 };
    expect(mails.passed(span).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(mails.passed({ ...span, sender: "gh/tcu" })).toEqual([]);
    const digest = sha256(utf8("no 1"));
    const seqs = (id: Uint8Array): readonly number[] => mails.passedMessage(id, digest).map(({ seq }) => seq);
    expect([seqs(digest.subarray(0, 16)), seqs(digest.subarray(1, 17))]).toEqual([[1], []]);
  }); // prettier-ignore

  it("what was accepted once and shown again is put back, and nothing else is", async () => {
    const mails = store.relayedMails;
    await add(item("one"));
    await store.write(() => mails.rest(1));
    expect(mails.get(1)).toMatchObject({ state: "WAITING", wasAccepted: false });
    await store.write(() => {
      mails.accept(1, 5);
      mails.again("au/south");
      mails.rest(1);
    });
    expect(mails.get(1)).toMatchObject({ state: "ACCEPTED", wasAccepted: true });
  });

  it("an order to erase is one however often it is given, and its answer is told until it is known to be", async () => {
    const erasures = store.relayedErasures;
    const mail = { sender: "ng/tcu", envelopeDigest: sha256(utf8("e")), channel: "direct.a" };
    const order = { ...mail, fromHub: "au/west", toHub: "au/south", messageId: new Uint8Array(16), word: utf8("w"), expiresAt: 100 };
    await store.write(() => {
      erasures.add(order);
      erasures.add({ ...order, word: utf8("w2") });
    });
    expect(erasures.unasked("au/south", 9)).toMatchObject([{ seq: 1, word: Uint8Array.from(utf8("w2")) }]);
    expect([erasures.has(mail), erasures.has({ ...mail, sender: "gh/tcu" })]).toEqual([true, false]);
    await store.write(() => erasures.answer(1, utf8("gone")));
    expect([erasures.unasked("au/south", 9), erasures.untold("au/west", 9).length]).toEqual([[], 1]);
    await store.write(() => erasures.tell([1]));
    expect(erasures.untold("au/west", 9)).toEqual([]);
    await store.write(() => erasures.add(order));
    expect(erasures.untold("au/west", 9)).toMatchObject([{ answer: Uint8Array.from(utf8("gone")) }]);
    await store.write(() => erasures.again(mail));
    expect(erasures.unasked("au/south", 9).length).toBe(1);
    await store.write(() => erasures.sweep(100));
    expect(erasures.has(mail)).toBe(false);
  }); // prettier-ignore

  it("of what we had erased at a hub beyond, the first answer counts", async () => {
    const far = store.farErasures;
    const target = new Uint8Array(16);
    const asked = { target, channel: "direct.a", hub: "au/south", relay: "ao/tcu", digest: Uint8Array.from(sha256(target)), askedAt: 5 };
    const answer = { stream: "DIRECT", sequence: 7, at: 9, receipt: 1 };
    const taken = await store.write(() => {
      far.ask(asked);
      far.ask({ ...asked, askedAt: 6, relay: "gh/tcu" });
      return [far.answer(asked, answer), far.answer(asked, { ...answer, sequence: undefined }), far.answer({ target, channel: "direct.b" }, answer)];
    });
    expect(taken).toEqual([true, false, false]);
    // since when it is asked stays, whoever brings it
    expect(far.of(target)).toEqual([{ ...asked, relay: "gh/tcu", answer }]);
    const other = { ...asked, channel: "direct.b" };
    await store.write(() => {
      far.ask(other);
      far.ask({ ...other, askedAt: 6, hub: "au/east" });
    });
    expect(far.of(target)).toMatchObject([{ askedAt: 5 }, { hub: "au/east", askedAt: 6 }]);
  }); // prettier-ignore

  it("a receipt is kept once, until it was carried", async () => {
    const receipts = store.relayedReceipts;
    const one = {
      digest: sha256(utf8("r")),
      toHub: "au/west",
      recipient: "ng/tcu",
      bytes: utf8("r"),
    };
    await store.write(() => {
      receipts.add(one);
      receipts.add(one);
    });
    expect(receipts.queued("au/west", 9).map(({ seq }) => seq)).toEqual([1]);
    await store.write(() => receipts.drop([1]));
    expect(receipts.queued("au/west", 9)).toEqual([]);
  });
});
