import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { isFault, renderUuid } from "../../schemas/ground/index.ts";
import { type Receipt, renderPause } from "../../schemas/index.ts";
import {
  bulletin,
  type MadeOffice,
  makeOffice,
  publish,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { readHubWord } from "./hub-word.ts";
import { findClockAhead } from "./staleness.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const own = "ecowas/hub";
const other = "au/hub";
const recipient = "ng/tcu";
let world: GatewayWorld;
let view: RegisterView;
let made: MadeOffice;
let sender: MadeOffice;
let paused: number[];

beforeAll(async () => {
  world = await makeGatewayWorld([recipient, "gh/tcu", other], { now: 1_780_272_000_000 });
  const place = { hub: other, urls: ["tls://127.0.0.1:4333"], recs: ["ecowas"] };
  const next = world.publish((now) => ({ ...now, hubs: [...now.hubs, place] }));
  view = verifyRegister(next, world.anchors, world.view);
});
beforeEach(() => {
  made = makeOffice(world, recipient);
  sender = { ...made, register: () => view };
  paused = [];
});
afterEach(() => made.close());

async function receive(issuer: string, said: Partial<Receipt>): Promise<void> {
  await makeTakeReceipts(sender, {
    hub: own,
    wake: () => undefined,
    pause: (forMs) => void paused.push(forMs),
    sawEpoch: () => undefined,
    refreshRegister: () => Promise.resolve(false),
  })([signReceipt(world, issuer, { recipient, ...said })]);
}

function lines(seq: number): Record<"accepted" | "refused", Partial<Receipt>> {
  const publication = sender.store.outbox.get(seq)!;
  const { id: messageId, digest: envelopeDigest } = sender.store.messages.get(publication.message)!;
  const { channel, stream, digest: publicationDigest } = publication;
  const place = { channel, stream, instance: "one", streamSequence: 7 };
  return {
    accepted: { accepted: [{ messageId, envelopeDigest, ...place }] },
    refused: { refused: [{ publicationDigest, code: "MANDATE_MISSING", detail: "none" }] },
  };
}

function standing(seq: number): readonly (string | undefined)[] {
  const { outbox, messages } = sender.store;
  return [outbox.get(seq)?.state, messages.list({ box: "out", limit: 1 })[0]?.state];
}

describe("a hub that a publication does not go by", () => {
  it("does not say that it took it: it is sent on until its own hub does", async () => {
    await publish(sender, bulletin, "k");
    await receive(other, lines(1).accepted);
    expect(standing(1)).toEqual(["WAITING", "QUEUED"]);
    await receive(own, lines(1).accepted);
    expect(standing(1)).toEqual(["ACCEPTED", "ACCEPTED"]);
  });

  it("does not refuse it", async () => {
    await publish(sender, bulletin, "k");
    await receive(other, lines(1).refused);
    expect(standing(1)).toEqual(["WAITING", "QUEUED"]);
    await receive(own, lines(1).refused);
    expect(standing(1)).toEqual(["REFUSED", "REFUSED"]);
  });

  it("does not have us wait at another's link", async () => {
    const publicationDigest = new Uint8Array(32);
    const line = { publicationDigest, code: "LINK_PAUSED", detail: renderPause(40_000) };
    await receive(other, { refused: [line] });
    expect(paused).toEqual([]);
    await receive(own, { refused: [line] });
    expect(paused).toEqual([40_000]);
  });

  it("does not answer for the one that was asked", () => {
    const word = (issuer: string): string => {
      try {
        readHubWord(sender, signReceipt(world, issuer, { recipient }), own);
        return "taken";
      } catch (error) {
        return isFault(error) ? error.code : renderUuid(new Uint8Array(16));
      }
    };
    expect([word(other), word(own)]).toEqual(["RECEIPT_INVALID", "taken"]);
  });
});

describe("hubs whose clocks differ", () => {
  const hour = 3_600_000;
  /** Says it twice: that a clock that was right runs ahead takes two words. */
  const hear = (issuer: string, behindMs: number): void => {
    const issuedAt = sender.clock.now() - behindMs;
    for (let i = 0; i < 2; i += 1) readHubWord(sender, signReceipt(world, issuer, { recipient, issuedAt })); // prettier-ignore
  };

  it("stop nothing while one of them says that this clock is right", () => {
    made.clock.move(48 * hour);
    hear(own, 0);
    hear(other, hour);
    expect(findClockAhead(sender)).toBeUndefined();
    hear(own, hour);
    expect(findClockAhead(sender)).toBeDefined();
  });
});
