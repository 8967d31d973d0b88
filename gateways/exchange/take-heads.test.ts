import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  bulletin,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeTakeHeads } from "./take-heads.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const hub = "ecowas/hub";
const recipient = "ng/tcu";
let world: GatewayWorld;
let sender: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld([recipient, "gh/tcu"], { now: 1_780_272_000_000 });
});
beforeEach(() => {
  sender = makeOffice(world, recipient);
});
afterEach(() => sender.close());

async function receive(receipt: Uint8Array): Promise<void> {
  await makeTakeReceipts(sender, {
    wake: () => undefined,
    postpone: () => undefined,
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })([receipt]);
}

async function loseStream(): Promise<void> {
  const taking = makeTakeHeads(sender, {
    wake: () => undefined,
    sawEpoch: () => undefined,
    repeatAll: () => undefined,
  });
  const heads = ["FEED_ECOWAS", "RECEIPTS"].map((stream) => ({
    stream,
    instance: "two",
    lastSequence: 0,
  }));
  await taking.take(signReceipt(world, hub, { recipient, heads }), taking.before());
}

describe("a stream that was made anew", () => {
  it("F4 is asked about at once where something was taken from it, and not where nothing was, or it is the same", async () => {
    let asked = 0;
    const silent = { wake: () => undefined, sawEpoch: () => undefined, repeatAll: () => undefined };
    const taking = makeTakeHeads(sender, { ...silent, sawAnew: () => void (asked += 1) });
    const { settings } = sender.store;
    settings.set("taken.FEED_ECOWAS", "one 7");
    const hear = async (feed: string): Promise<number> => {
      const heads = [["RECEIPTS", "r"], ["DIRECT", "d"], ["FEED_ECOWAS", feed]].map(([stream = "", instance = ""]) => ({ stream, instance, lastSequence: 9 }));
      await taking.take(signReceipt(world, hub, { recipient, heads }), taking.before());
      return asked;
    };
    expect([await hear("one"), await hear("two")]).toEqual([0, 1]);
  }); // prettier-ignore
});

describe("a message that was refused on one channel and accepted on another", () => {
  beforeEach(async () => {
    await publish(sender, { ...bulletin, crimes: ["drugs", "arms"] }, "k");
    const { channel } = sender.store.outbox.get(1)!;
    const { id: messageId, digest: envelopeDigest } = sender.store.messages.get(1)!;
    const place = { stream: "FEED_ECOWAS", instance: "one", streamSequence: 1 };
    const accepted = [{ messageId, envelopeDigest, channel, ...place }];
    const { digest: publicationDigest } = sender.store.outbox.get(2)!;
    const refused = [{ publicationDigest, code: "MANDATE_MISSING" }];
    await receive(signReceipt(world, hub, { recipient, accepted, refused }));
  });

  it("is sent again on the channel that took it when the hub lost that, and stays refused", async () => {
    await loseStream();
    expect(sender.store.outbox.waiting(10)).toEqual([1]);
    expect(sender.store.messages.summary(1)).toMatchObject({
      state: "REFUSED",
      code: "MANDATE_MISSING",
    });
  });
});
