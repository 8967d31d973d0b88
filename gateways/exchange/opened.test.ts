import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { decodeReceipt, decodeSignedReceipt, type Opened } from "../../schemas/index.ts";
import { type Bytes, type LogFields, silentLog } from "../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeHeldReceipts } from "./held-receipts.ts";
import { makeOpenedReceipts, noteOpened } from "./opened.ts";
import { showDetail } from "./show.ts";
import { makeTakePublications } from "./take-publications.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;
let sender: MadeOffice;
let reader: MadeOffice;
let warned: LogFields[];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ci/tcu", "gh/fiu"], { now });
});
beforeEach(() => {
  warned = [];
  const log = {
    ...silentLog,
    warn: (_event: string, fields: LogFields = {}) => void warned.push(fields),
  };
  sender = Object.assign(makeOffice(world, "ng/tcu"), { log });
  reader = makeOffice(world, "gh/tcu");
});
afterEach(() => {
  sender.close();
  reader.close();
}); // prettier-ignore

/** Brings a message from sender to reader; its places there and here. */
async function bring(submission: unknown, key = "k"): Promise<{ here: number; there: number }> {
  const held = await publish(sender, submission, key);
  await makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(held);
  const there = reader.store.messages.list({ box: "in", limit: 1 })[0]!.seq;
  return { there, here: sender.store.messages.list({ box: "out", limit: 1 })[0]!.seq };
}

async function open(message: number, who: string): Promise<void> {
  await reader.store.write(() => noteOpened(reader, message, who));
}

async function receive(...receipts: readonly Uint8Array[]): Promise<void> {
  await makeTakeReceipts(sender, {
    wake: () => undefined,
    postpone: () => undefined,
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })(receipts);
}

/** What goes out in one tick. */
async function tick(receipts: ReturnType<typeof makeOpenedReceipts>): Promise<void> {
  receipts.tick();
  await reader.store.write(() => undefined);
}

function ladderOf(here: number): readonly { kind: string; by: string; reader?: number }[] {
  return showDetail(sender.store, sender.store.messages.get(here)!).ladder;
}

function lineOf(here: number): Opened {
  const { id: messageId, digest: envelopeDigest } = sender.store.messages.get(here)!;
  return { messageId, envelopeDigest, openedAt: now, reader: 1 };
}

describe("opened receipts", () => {
  it("each reader's first look stands on the sender's ladder, once", async () => {
    const { here, there } = await bring(alert);
    const told: Bytes[] = [];
    const receipts = makeOpenedReceipts(reader, (_subject, bytes) => told.push(bytes) > 0);
    await open(there, "person:1");
    await open(there, "person:1");
    await open(there, "person:2");
    await tick(receipts);
    await tick(receipts);
    expect(told).toHaveLength(1);
    await receive(...told, ...told);
    const openings = ladderOf(here).filter(({ kind }) => kind === "OPENED");
    expect(openings).toMatchObject([
      { by: "gh/tcu", reader: 1, at: now },
      { by: "gh/tcu", reader: 2, at: now },
    ]);
  });

  it("each line is told once more after a minute, and then no more", async () => {
    const { there } = await bring(alert);
    const told: Bytes[] = [];
    const receipts = makeOpenedReceipts(reader, (_subject, bytes) => told.push(bytes) > 0);
    await open(there, "person:1");
    for (let second = 0; second < 200; second += 1) {
      await tick(receipts);
      reader.clock.move(1_000);
    }
    expect(told).toHaveLength(2);
  });

  it("lines wait while there is no link, and go when there is one", async () => {
    const { there } = await bring(alert);
    let isUp = false;
    let told = 0;
    const receipts = makeOpenedReceipts(reader, () => {
      if (isUp) told += 1;
      return isUp;
    });
    await open(there, "person:1");
    await tick(receipts);
    expect(told).toBe(0);
    isUp = true;
    await tick(receipts);
    expect(told).toBe(1);
  });

  it("names no person, and no purpose", async () => {
    const { there } = await bring(alert);
    const told: Bytes[] = [];
    const receipts = makeOpenedReceipts(reader, (_subject, bytes) => told.push(bytes) > 0);
    await open(there, "person:ama-mensah");
    await tick(receipts);
    expect(Buffer.from(told[0]!).toString("latin1")).not.toContain("ama");
    const { opened } = decodeReceipt(decodeSignedReceipt(told[0]!).receipt);
    expect(Object.keys(opened[0]!).toSorted()).toEqual([
      "envelopeDigest",
      "messageId",
      "openedAt",
      "reader",
    ]);
  });

  it("our own messages, and what lies in quarantine, are never told", async () => {
    const { here } = await bring(alert);
    await sender.store.write(() => noteOpened(sender, here, "person:1"));
    expect(sender.store.opened.untold(9, { before: now * 2, limit: 9 })).toEqual([]);
  });

  it("an agency that does not tell says so with what it holds, and notes nothing", async () => {
    const silent = { ...reader, tellOpened: false };
    const { here, there } = await bring(bulletin);
    await silent.store.write(() => noteOpened(silent, there, "person:1"));
    expect(reader.store.opened.untold(9, { before: now * 2, limit: 9 })).toEqual([]);
    const told: Bytes[] = [];
    const held = makeHeldReceipts(silent, (_subject, bytes) => told.push(bytes) > 0);
    held.note(reader.store.chains.changedSince(0).map(({ seq }) => seq));
    held.tick();
    await receive(...told);
    expect(ladderOf(here)).toMatchObject([
      { kind: "DELIVERED", by: "gh/tcu", tellsOpening: false },
    ]);
  });
});

describe("an opened line is passed over, with a line in the log,", () => {
  it.each<[string, string, Partial<Opened>]>([
    ["of a message that is not ours", "gh/tcu", { messageId: new Uint8Array([1, 158, 74, 94, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]) }],
    ["of other content than we signed", "gh/tcu", { envelopeDigest: new Uint8Array(32) }],
    ["of an agency that is not of the audience", "gh/fiu", {}],
    ["from a time before the message was made", "gh/tcu", { openedAt: now - 86_400_000 }],
    ["from a time after the receipt", "gh/tcu", { openedAt: now + 86_400_000 }],
  ])("%s", async (_what, issuer, change) => {
    const { here } = await bring(alert);
    const opened = [{ ...lineOf(here), ...change }];
    await receive(signReceipt(world, issuer, { recipient: "ng/tcu", opened }));
    expect(ladderOf(here)).toEqual([]);
    expect(warned).toHaveLength(1);
  }); // prettier-ignore

  it("but a good one beside it counts", async () => {
    const { here } = await bring(alert);
    const opened = [{ ...lineOf(here), envelopeDigest: new Uint8Array(32) }, lineOf(here)];
    await receive(signReceipt(world, "gh/tcu", { recipient: "ng/tcu", opened }));
    expect(ladderOf(here)).toHaveLength(1);
  });

  it("and a hub says nothing of openings at all", async () => {
    const { here } = await bring(alert);
    await receive(
      signReceipt(world, "ecowas/hub", { recipient: "ng/tcu", opened: [lineOf(here)] }),
    );
    expect(ladderOf(here)).toEqual([]);
  });
});
