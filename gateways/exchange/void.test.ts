import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Held } from "../../schemas/index.ts";
import {
  bulletin,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { expireOverdue } from "./expire.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const hub = "ecowas/hub";
const readers = ["gh/tcu", "ci/tcu"];
let world: GatewayWorld;
let sender: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", ...readers], { now: 1_780_272_000_000 });
});
beforeEach(() => {
  sender = makeOffice(world, "ng/tcu");
});
afterEach(() => sender.close());

async function receive(...receipts: readonly Uint8Array[]): Promise<void> {
  await makeTakeReceipts(sender, {
    wake: () => undefined,
    postpone: () => undefined,
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })(receipts);
}

/** Every reader says that he holds all of the channel up to one publication, and misses nothing. */
async function holdAllUpTo(seq: number): Promise<void> {
  const { channel, series, sequence, slipDigest } = sender.store.outbox.get(seq)!;
  const line: Held = { channel, series, sequence, slipDigest, missing: [] };
  const receipts = readers.map((reader) =>
    signReceipt(world, reader, { recipient: "ng/tcu", issuedAt: sender.clock.now(), held: [line] }),
  );
  await receive(...receipts);
}

function ladderOf(message: number): readonly string[] {
  return sender.store.ladder.rungs(message).map(({ kind, issuer }) => `${kind} ${issuer}`);
}

describe("a number that fills no place", () => {
  it("of a message that expired unsent is not delivered by a reader's word on later numbers", async () => {
    await publish(sender, { ...bulletin, expiresAt: "2026-06-01T01:00:00Z" }, "a");
    sender.clock.move(3_600_001);
    await expireOverdue(sender);
    await publish(sender, bulletin, "b");
    await holdAllUpTo(2);
    expect(sender.store.messages.summary(1)?.state).toBe("EXPIRED");
    expect(sender.store.messages.summary(2)?.state).toBe("DELIVERED");
    expect(ladderOf(1)).toEqual([]);
  });

  it("of a message the hub refused shows no reader on its ladder", async () => {
    await publish(sender, bulletin, "a");
    const { digest: publicationDigest } = sender.store.outbox.get(1)!;
    const refused = [{ publicationDigest, code: "MANDATE_MISSING" }];
    await receive(signReceipt(world, hub, { recipient: "ng/tcu", refused }));
    await publish(sender, bulletin, "b");
    await holdAllUpTo(2);
    expect(sender.store.messages.summary(1)?.state).toBe("REFUSED");
    expect(ladderOf(1)).toEqual(["REFUSED ecowas/hub"]);
  });

  it("of a message that was accepted and expired later still counts once readers hold it", async () => {
    await publish(sender, { ...bulletin, expiresAt: "2026-06-01T01:00:00Z" }, "a");
    const { channel } = sender.store.outbox.get(1)!;
    const { id: messageId, digest: envelopeDigest } = sender.store.messages.get(1)!;
    const place = { stream: "FEED_ECOWAS", instance: "one", streamSequence: 1 };
    const accepted = [{ messageId, envelopeDigest, channel, ...place }];
    await receive(signReceipt(world, hub, { recipient: "ng/tcu", accepted }));
    sender.clock.move(3_600_001);
    await expireOverdue(sender);
    await holdAllUpTo(1);
    expect(sender.store.messages.summary(1)?.state).toBe("DELIVERED");
  });
});
