import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { RegisterView } from "../../certs/trust/index.ts";
import type { Receipt, TakenOn } from "../../schemas/index.ts";
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
const relay = "gh/tcu";
const recipient = "ng/tcu";
let world: GatewayWorld;
let view: RegisterView;
let made: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld([recipient, relay, "sn/tcu"], { now: 1_780_272_000_000 });
  const hubs = [hub, "au/hub-two"];
  const relays = [
    { agreementRef: "R1", relay, hubs, parties: [], types: ["*"], handlingUpTo: "H1", from: 0 },
  ];
  view = { ...world.view, relays };
});
beforeEach(() => {
  made = { ...makeOffice(world, recipient), register: () => view };
});
afterEach(() => made.close());

async function receive(issuer: string, said: Partial<Receipt>): Promise<void> {
  const nothing = { wake: () => undefined, sawEpoch: () => undefined };
  const take = makeTakeReceipts(made, {
    ...nothing,
    refreshRegister: () => Promise.resolve(false),
  });
  await take([signReceipt(world, issuer, { recipient, ...said })]);
}

/** What a relay says of the first publication. */
function word(differs: Partial<TakenOn> = {}): Partial<Receipt> {
  const publication = made.store.outbox.get(1)!;
  const { id: messageId, digest: envelopeDigest } = made.store.messages.get(publication.message)!;
  const { channel } = publication;
  const said = { messageId, envelopeDigest, channel, toHub: "au/hub-two", agreementRef: "R1", at: made.clock.now() };
  return { relayed: { messages: [{ ...said, ...differs }] } };
} // prettier-ignore

const rungs = (): readonly string[] => made.store.ladder.rungs(1).map(({ kind, issuer, code = "" }) => `${kind} ${issuer} ${code}`.trim()); // prettier-ignore

describe("a relay's word", () => {
  it("is a rung, once however often it is said", async () => {
    await publish(made, bulletin, "k");
    await receive(relay, word());
    await receive(relay, word());
    expect(rungs()).toEqual([`TAKEN_ON ${relay}`]);
    expect(made.store.outbox.get(1)?.state).toBe("WAITING");
  });

  it("that it comes no further ends it, with its code", async () => {
    await publish(made, bulletin, "k");
    await receive(relay, word({ code: "RELAY_NOT_AGREED" }));
    expect(rungs()).toEqual([`REFUSED ${relay} RELAY_NOT_AGREED`]);
    expect(made.store.outbox.get(1)?.state).toBe("REFUSED");
  });

  it("of one that relays nothing there, or about other content, is passed over", async () => {
    await publish(made, bulletin, "k");
    await receive("sn/tcu", word({ code: "RELAY_NOT_AGREED" }));
    await receive(hub, word({ code: "RELAY_NOT_AGREED" }));
    await receive(relay, word({ envelopeDigest: new Uint8Array(32) }));
    expect(rungs()).toEqual([]);
    expect(made.store.outbox.get(1)?.state).toBe("WAITING");
  });
});
