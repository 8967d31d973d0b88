import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { mailboxOf, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type Erasure, parseReceipt, type Receipt, type RelayAgreement, renderDirectChannel } from "../../schemas/index.ts"; // prettier-ignore
import { sha256, utf8 } from "../../schemas/ground/index.ts";
import { type MadeOffice, makeOffice, signReceipt } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import type { RelayedItem } from "../store/index.ts";
import { makeRelayDesk, type RelayLine } from "./desk.ts";
import { judgeOrders } from "./take-orders.ts";
import { judgeReceipt } from "./take-receipt.ts";

const day = 86_400_000;
const now = 1_780_272_000_000;
const [near, far] = ["ecowas/hub", "au/hub"];
const [sender, relay, reader] = ["ng/tcu", "gh/tcu", "sn/tcu"];
const id = Buffer.from("01a1f7fdae407e278bc8617fc88b99ee", "hex");
const digest = sha256(utf8("envelope"));

let world: GatewayWorld;
let base: RegisterView;
let view: RegisterView;
let made: MadeOffice;
let channel = "";

function agree(differs: Partial<RelayAgreement> = {}): void {
  const agreement = { agreementRef: "R1", relay, hubs: [near, far], parties: [], types: ["*"], handlingUpTo: "H2", from: 0 };
  view = { ...base, relays: [{ ...agreement, ...differs }] };
} // prettier-ignore

beforeAll(async () => {
  world = await makeGatewayWorld([sender, relay, reader, far], { now });
  // who has no right in a community is linked to the register's first hub
  const place = { hub: far, urls: ["tls://127.0.0.1:4333"], recs: ["sadc"] };
  const next = world.publish((parts) => ({
    ...parts,
    hubs: [place, ...parts.hubs],
    mandates: parts.mandates.filter(({ agency, scope }) => agency !== reader || scope === "direct"),
  }));
  base = verifyRegister(next, world.anchors, world.view);
  const [key] = base.mailboxKeys;
  channel = renderDirectChannel(mailboxOf(key!, reader));
});
beforeEach(() => {
  agree();
  made = Object.assign(makeOffice(world, relay), { register: () => view });
});
afterEach(() => made.close());

async function bring(differs: Partial<RelayedItem> = {}): Promise<void> {
  const way = { fromHub: near, toHub: far, agreementRef: "R1", sender, recipient: reader, handling: "H1" };
  const slip = { channel, series: 1, sequence: 3, digest: sha256(utf8("publication")), messageId: id, envelopeDigest: digest };
  const rest = { bytes: utf8("sealed"), sentDigest: digest, state: "WAITING" as const, takenAt: now, expiresAt: now + day };
  await made.store.write(() => made.store.relayedMails.add({ ...way, ...slip, ...rest, ...differs }));
} // prettier-ignore

const held = (sequence: number): Partial<Receipt> => ({
  held: [{ channel, series: 1, sequence, slipDigest: digest, missing: [] }],
});

/** What becomes of a receipt of the reader's for the sender, found at the far hub. */
function passed(said: Partial<Receipt> = held(3)): string {
  const found = judgeReceipt(made, far, signReceipt(world, reader, { recipient: sender, ...said }));
  return found === undefined ? "left" : `to ${found.receipt.toHub}`;
}

describe("receipts at a relay whose agreement ended", () => {
  it("are handed on where they are about what it brought, for thirty days", async () => {
    expect(passed()).toBe(`to ${near}`);
    agree({ until: now });
    expect(passed()).toBe("left");
    await bring();
    expect(passed()).toBe(`to ${near}`);
    const opened = {
      opened: [{ messageId: id, envelopeDigest: digest, openedAt: now, reader: 1 }],
    };
    expect(passed(opened)).toBe(`to ${near}`);
    agree({ until: now - 30 * day });
    expect([passed(), passed(opened)]).toEqual(["left", "left"]);
  });

  it.each<[string, Partial<RelayedItem>]>([
    ["of another sender", { sender: "gh/tcu" }],
    ["under another agreement", { agreementRef: "R2" }],
    ["to another hub", { toHub: "au/hub-three" }],
    ["later than it says", { sequence: 4 }],
    ["and was refused", { state: "DONE", code: "RELAY_NOT_AGREED" }],
  ])("are left where what it brought was %s", async (_what, differs) => {
    agree({ suspendedFrom: now - 1 });
    await bring(differs);
    expect(passed()).toBe("left");
  });
});

describe("an order to the hub beyond, at the relay", () => {
  const line = (differs: Partial<Erasure> = {}): Erasure => ({
    messageId: id,
    envelopeDigest: digest,
    channel,
    ...differs,
  });

  interface Given {
    readonly by?: string;
    readonly signed?: string;
    readonly to?: string;
    readonly lines?: readonly Erasure[];
    readonly at?: string;
    readonly outer?: string;
  }

  function give({ by = sender, signed = by, to = far, lines = [line()], outer = relay }: Given): Uint8Array {
    const word = signReceipt(world, signed, { recipient: to, erasures: { messages: [...lines], chunks: [] } });
    return signReceipt(world, by, { recipient: outer, farErasures: { orders: [{ hub: far, word }], answers: [] } });
  } // prettier-ignore

  it("is taken, and was the agreement ended; what of it waits is not sent on", async () => {
    agree({ until: now - 90 * day });
    await bring();
    const desk = makeRelayDesk(made, () => undefined);
    const kept = await desk.siftReceipts(near, [{ subject: "receipt.gh.tcu", bytes: give({}) } as never]);
    expect(kept).toHaveLength(1);
    expect(made.store.relayedErasures.unasked(far, 9)).toMatchObject([{ sender, fromHub: near, toHub: far, channel }]);
    expect(made.store.relayedMails.get(1)).toMatchObject({ state: "DONE", bytes: undefined, code: undefined });
    expect(made.store.relayedMails.queued(far, 9)).toEqual([]);
  }); // prettier-ignore

  it.each<[string, Given]>([
    ["signed by another than gives it", { signed: reader }],
    ["for another hub than it says", { to: near }],
    ["about two messages", { lines: [line(), line()] }],
    ["about none", { lines: [] }],
    ["about a feed", { lines: [line({ channel: "ecowas.drugs.h1.alert.incident" })] }],
    ["by one whose mail takes no relay there", { by: reader }],
    ["found at the hub that it is for", { at: far }],
    ["in a receipt for somebody else", { outer: reader }],
  ])("is not taken when it is %s", (_what, given) => {
    expect(judgeOrders(made, given.at ?? near, give(given))).toEqual([]);
  });

  it("is shown to the hub until it answers, and the answer is brought back as it was signed", async () => {
    const desk = makeRelayDesk(made, () => undefined);
    await desk.siftReceipts(near, [{ subject: "receipt.gh.tcu", bytes: give({}) } as never]);
    const shown: Uint8Array[] = [];
    const sent: Uint8Array[] = [];
    const erasures = { messages: [line({ stream: "DIRECT", streamSequence: 7, erasedAt: now })], chunks: [] };
    const answers = [undefined, signReceipt(world, relay, { recipient: sender, erasures }), signReceipt(world, far, { recipient: sender, erasures })]; // prettier-ignore
    let proven = 0;
    const lines = [near, far].map((hub): RelayLine => ({
      hub,
      isUp: true,
      publish: (_subject, bytes) => sent.push(bytes) > 0,
      askErase: async (order) => answers[shown.push(order) - 1],
      line: () => ({ handed: 1, proven }),
    }));
    const round = async (isDone: () => boolean): Promise<void> => {
      made.clock.move(900_000);
      await vi.waitUntil(
        () => {
          desk.tick(lines);
          return isDone();
        },
        { timeout: 120_000, interval: 5 },
      );
    };
    const unasked = (): number => made.store.relayedErasures.unasked(far, 9).length;
    // no answer, then one that the hub did not sign
    await round(() => shown.length === 1);
    await round(() => shown.length === 2);
    expect([shown.length, unasked()]).toEqual([2, 1]);
    await round(() => unasked() === 0);
    await round(() => sent.length > 0);
    const word = parseReceipt(sent.at(-1)!).receipt;
    expect(word).toMatchObject({ issuer: relay, recipient: sender });
    expect(word.farErasures?.answers).toEqual([{ hub: far, word: Buffer.from(answers[2]!) }]);
    expect([shown.length, unasked()]).toEqual([3, 0]);
    proven = 1;
    await round(() => made.store.relayedErasures.untold(near, 9).length === 0);
    expect(made.store.relayedErasures.untold(near, 9)).toEqual([]);
  }); // prettier-ignore
});
