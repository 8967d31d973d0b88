import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { sha256 } from "../../schemas/ground/index.ts";
import { type Refused, renderPause } from "../../schemas/index.ts";
import {
  bulletin,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const hub = "ecowas/hub";
let world: GatewayWorld;
let sender: MadeOffice;
let paused: number[];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: 1_780_272_000_000 });
});
beforeEach(() => {
  sender = makeOffice(world, "ng/tcu");
  paused = [];
});
afterEach(() => sender.close());

interface Told {
  readonly issuer?: string;
  readonly line?: Partial<Refused>;
  readonly issuedAt?: number;
}

/** A receipt comes that says that the hub takes nothing for forty seconds. */
async function tell({ issuer = hub, line, issuedAt = sender.clock.now() }: Told): Promise<void> {
  const publicationDigest = sha256(new Uint8Array());
  const pause = { publicationDigest, code: "LINK_PAUSED", detail: renderPause(40_000), ...line };
  await makeTakeReceipts(sender, {
    wake: () => undefined,
    pause: (forMs) => void paused.push(forMs),
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })([signReceipt(world, issuer, { recipient: "ng/tcu", issuedAt, refused: [pause] })]);
}

describe("a hub that takes nothing of us for a while", () => {
  it("is left alone for as long as it said", async () => {
    await tell({});
    expect(paused).toEqual([40_000]);
  });

  it("is left alone for what is left of it when we read it late", async () => {
    sender.clock.move(30_000);
    await tell({ issuedAt: sender.clock.now() - 30_000 });
    expect(paused).toEqual([10_000]);
  });

  it("is left alone no longer than it said by a clock that is ahead of ours", async () => {
    await tell({ issuedAt: sender.clock.now() + 60_000 });
    expect(paused).toEqual([40_000]);
  });

  it.each<[string, () => Told]>([
    ["that is over", () => ({ issuedAt: sender.clock.now() - 40_000 })],
    ["of which it says no time", () => ({ line: { detail: "for ever" } })],
    ["that somebody else speaks of", () => ({ issuer: "gh/tcu" })],
    ["under another code", () => ({ line: { code: "QUOTA_EXCEEDED" } })],
  ])("is not left alone for a pause %s", async (_, told) => {
    await tell(told());
    expect(paused).toEqual([]);
  });

  it("refuses no message by it, whatever digest it names", async () => {
    await publish(sender, bulletin, "a");
    await tell({ line: { publicationDigest: sender.store.outbox.get(1)!.digest } });
    expect(paused).toEqual([40_000]);
    expect(sender.store.outbox.get(1)?.state).toBe("WAITING");
    expect(sender.store.messages.summary(1)?.state).toBe("QUEUED");
  });
});
