import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import type { Erasure, Receipt } from "../../schemas/index.ts";
import { bulletin, type MadeOffice, makeOffice, publish, signReceipt } from "../../test/kit/gateway-office.ts"; // prettier-ignore
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeTakeReceipts } from "./take-receipts.ts";

const relay = "gh/tcu";
const far = "au/hub";
const recipient = "ng/tcu";
let world: GatewayWorld;
let view: RegisterView;
let made: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld([recipient, relay, "sn/tcu", far], { now: 1_780_272_000_000 });
  const place = { hub: far, urls: ["tls://127.0.0.1:4333"], recs: ["sadc"] };
  view = verifyRegister(world.publish((now) => ({ ...now, hubs: [...now.hubs, place] })), world.anchors, world.view);
}); // prettier-ignore
beforeEach(() => {
  made = { ...makeOffice(world, recipient), register: () => view };
});
afterEach(() => made.close());

async function receive(issuer: string, said: Partial<Receipt>): Promise<void> {
  const nothing = { wake: () => undefined, sawEpoch: () => undefined };
  const take = makeTakeReceipts(made, { ...nothing, refreshRegister: () => Promise.resolve(false) });
  await take([signReceipt(world, issuer, { recipient, ...said })]);
} // prettier-ignore

function line(): Erasure {
  const publication = made.store.outbox.get(1)!;
  const { id: messageId, digest: envelopeDigest } = made.store.messages.get(publication.message)!;
  const { channel } = publication;
  return { messageId, envelopeDigest, channel, stream: "DIRECT", streamSequence: 7, erasedAt: made.clock.now() };
} // prettier-ignore

async function ask(): Promise<void> {
  const { messageId: target, envelopeDigest: digest, channel } = line();
  const { store, clock } = made;
  await store.write(() => store.farErasures.ask({ target, channel, hub: far, relay, digest, askedAt: clock.now() }));
} // prettier-ignore

interface Differs {
  readonly by?: string;
  readonly to?: string;
  readonly named?: string;
  readonly one?: Partial<Erasure>;
}

function word({ by = far, to = recipient, named = by, one = {} }: Differs = {}): Partial<Receipt> {
  const erasures = { messages: [{ ...line(), ...one }], chunks: [] };
  const said = signReceipt(world, by, { recipient: to, erasures });
  return { farErasures: { orders: [], answers: [{ hub: named, word: said }] } };
}

const answer = (): unknown => made.store.farErasures.of(line().messageId)[0]?.answer;

describe("the answer of a hub beyond", () => {
  it("is kept with that hub's own receipt, and the first one stands", async () => {
    await publish(made, bulletin, "k");
    await ask();
    await receive(relay, word());
    expect(answer()).toMatchObject({ stream: "DIRECT", sequence: 7, at: made.clock.now() });
    await receive(relay, word({ one: { streamSequence: 9 } }));
    expect(answer()).toMatchObject({ sequence: 7 });
  });

  it.each<[string, string, Differs]>([
    ["that nobody asked this relay for", "sn/tcu", {}],
    ["that the relay signed in the hub's place", relay, { by: relay, named: far }],
    ["of another hub than was asked", relay, { by: "ecowas/hub" }],
    ["to somebody else", relay, { to: "sn/tcu" }],
    ["about other content", relay, { one: { envelopeDigest: new Uint8Array(32) } }],
    ["about another channel", relay, { one: { channel: "direct.aaaaaaaaaaaaaaaaaaaaaaaaaa" } }],
  ])("is passed over where it is one %s", async (_what, by, differs) => {
    await publish(made, bulletin, "k");
    await ask();
    await receive(by, word(differs));
    expect(answer()).toBeUndefined();
  });

  it("is passed over where nothing was asked", async () => {
    await publish(made, bulletin, "k");
    await receive(relay, word());
    expect(made.store.farErasures.of(line().messageId)).toEqual([]);
  });
});
