import { describe, expect, it } from "vitest";

import { decodeReceipt, decodeSignedReceipt, limits } from "../../schemas/index.ts";
import {
  Fault,
  renderBase64url,
  sha256,
  silentLog,
  systemClock,
  utf8,
} from "../../schemas/ground/index.ts";
import type { JetStream, Publisher, StoredNote, StoreOutcome, ToStore } from "../nats/index.ts";
import { makeStoredCells } from "../nats/index.ts";
import { fixtureHub, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { makeBench, makePublication } from "../../test/kit/hub-messages.ts";
import { makeKnown } from "./known.ts";
import { startReceipts } from "./receipts.ts";
import { judge } from "./steps.ts";
import { makeStore, type Stored } from "./store.ts";
import type { Admitted } from "./verdict.ts";

const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
});
const made = makePublication(region, "ng/tcu");
const digest = sha256(made.message.envelope);
const key = { originator: "ng/tcu", id: made.envelope.id };
const stream = "FEED_ECOWAS";
const unreached = (): never => {
  throw new Fault("HUB_UNREACHABLE", "not asked here");
};

function admittedItem(): Admitted {
  const verdict = judge(made.arrived, makeBench(region));
  if (verdict.kind !== "admitted") throw new Error(verdict.kind);
  return verdict.item;
}

function answering(outcome: StoreOutcome, sent: ToStore[] = []): Publisher {
  return {
    send: (item, done) => {
      sent.push(item);
      done(outcome);
    },
    reset: () => undefined,
    stop: () => undefined,
    underWay: 0,
  };
}

async function put(
  outcome: StoreOutcome,
  { found, instance = "one" }: { found?: StoredNote; instance?: string | undefined } = {},
): Promise<{ stored: Stored; known: ReturnType<typeof makeKnown> }> {
  const known = makeKnown();
  const jetStream: JetStream = {
    stream: unreached,
    spread: () => expect.unreachable(),
    createStream: unreached,
    updateStream: unreached,
    deleteStream: unreached,
    erase: unreached,
    purgeStream: unreached,
    streamsOn: unreached,
    putConsumer: unreached,
    deleteConsumer: unreached,
    consumers: unreached,
    consumerPlace: unreached,
    resetConsumer: unreached,
    at: unreached,
    lastOn: async () => found,
    nextOn: unreached,
  };
  const instances = new Map(instance === "" ? [] : [[stream, instance]]);
  const publisher = answering(outcome);
  const cells = makeStoredCells();
  const store = makeStore({
    publisher,
    jetStream,
    known,
    cells,
    instances,
    onPlace: () => undefined,
  });
  return { stored: await store.put(admittedItem()), known };
}

function noteOf(headers: Readonly<Record<string, string>>): StoredNote {
  return { subject: "feed", sequence: 3, headers: new Map(Object.entries(headers)) };
}

describe("makeStore", () => {
  const same = { "Atumpan-Digest": renderBase64url(digest), "Atumpan-Origin": "ng/tcu" };

  it("what the stream synced stands, and is known", async () => {
    const { stored, known } = await put({ kind: "stored", stream, sequence: 7 });
    const { admittedAt } = admittedItem();
    const place = { stream, instance: "one", sequence: 7, admittedAt };
    expect(stored).toEqual({ kind: "stands", place });
    expect(known.find(key)?.places.get(made.channel)).toMatchObject({ sequence: 7 });
  });

  it("a subject taken by this same message means it was stored before", async () => {
    const { stored } = await put({ kind: "taken" }, { found: noteOf(same) });
    expect(stored).toMatchObject({ kind: "stands", place: { sequence: 3 } });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["other content", { ...same, "Atumpan-Digest": renderBase64url(sha256(utf8("other"))) }],
    ["another sender", { ...same, "Atumpan-Origin": "gh/tcu" }],
    ["something without notes", {}],
  ])("a subject taken by %s refuses the id", async (_what, headers) => {
    const { stored, known } = await put({ kind: "taken" }, { found: noteOf(headers) });
    expect(stored).toMatchObject({ kind: "refused", fault: { code: "ENVELOPE_ID_REUSED" } });
    expect(known.find(key)).toBeUndefined();
  });

  it("an outcome nobody knows, a place that is gone and a stream being made anew are tried again", async () => {
    const fault = new Fault("HUB_STREAM_WRITE_FAILED", "lost");
    for (const [outcome, change] of [
      [{ kind: "unknown", fault }, {}],
      [{ kind: "taken" }, {}],
      [{ kind: "stored", stream, sequence: 7 }, { instance: "" }],
    ] as const) {
      const { stored, known } = await put(outcome, change);
      expect(stored.kind).toBe("later");
      expect(known.find(key)).toBeUndefined();
    }
  });
});

describe("startReceipts", () => {
  const line = {
    messageId: made.envelope.id,
    envelopeDigest: digest,
    channel: made.channel,
    stream,
    instance: "one",
    streamSequence: 1,
  };
  const held = { stop: () => undefined };

  it("lines of one sender share a signature, up to the most a receipt may have", () => {
    const sent: ToStore[] = [];
    const due: (() => void)[] = [];
    const clock = {
      ...systemClock,
      after: (_ms: number, act: () => void) => (due.push(act), held),
    };
    const publisher = answering({ kind: "stored", stream: "RECEIPTS", sequence: 1 }, sent);
    const signer = region.signer(fixtureHub);
    const receipts = startReceipts({ signer, publisher, clock, log: silentLog, epoch: () => 4 });
    const told: boolean[] = [];
    for (let i = 0; i <= limits.maxReceiptLines; i += 1) {
      receipts.accepted("ng/tcu", line, (isStored) => told.push(isStored));
    }
    expect(sent).toHaveLength(1);
    due.at(-1)?.();
    expect(sent.map(({ subject }) => subject)).toEqual(["receipt.ng.tcu", "receipt.ng.tcu"]);
    const counts = sent.map(({ payload }) => {
      const receipt = decodeReceipt(decodeSignedReceipt(payload).receipt);
      expect(receipt).toMatchObject({ issuer: fixtureHub, recipient: "ng/tcu", registerEpoch: 4 });
      return receipt.accepted.length;
    });
    expect(counts).toEqual([limits.maxReceiptLines, 1]);
    expect(told).toHaveLength(limits.maxReceiptLines + 1);
    expect(told.every(Boolean)).toBe(true);
  });

  it("a receipt that was not stored, or could not be signed, gives its messages back", () => {
    const told: boolean[] = [];
    const fault = new Fault("HUB_STREAM_WRITE_FAILED", "lost");
    const publisher = answering({ kind: "unknown", fault });
    const lost = new Fault("KEY_UNUSABLE", "the card was drawn");
    const broken = { signer: fixtureHub, sign: () => { throw lost; }, signAll: () => [] }; // prettier-ignore
    for (const signer of [region.signer(fixtureHub), broken]) {
      const receipts = startReceipts({
        signer,
        publisher,
        clock: systemClock,
        log: silentLog,
        epoch: () => 1,
      });
      receipts.accepted("ng/tcu", line, (isStored) => told.push(isStored));
      receipts.stop();
    }
    expect(told).toEqual([false, false]);
  });
});
