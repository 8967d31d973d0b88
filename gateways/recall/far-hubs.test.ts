import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type Erasure, parseReceipt, type Receipt } from "../../schemas/index.ts";
import { type Bytes, parseUuid } from "../../schemas/ground/index.ts";
import { type MadeOffice, makeOffice, signReceipt } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeRecallParts } from "../../test/kit/recall-world.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { makeExchange, makeTakeReceipts, makeWatchers } from "../exchange/index.ts";
import { makeRecallDesk, type RecallDesk } from "./desk.ts";
import { startRecalls, type Recalling } from "./service.ts"; // prettier-ignore

const day = 86_400_000;
const minute = 60_000;
const now = 1_780_272_000_000;
const [near, far] = ["ecowas/hub", "au/hub"];
const [sender, relay, reader] = ["ng/tcu", "gh/tcu", "sn/tcu"];

let world: GatewayWorld;
let view: RegisterView;
let made: MadeOffice;
let exchange: ReturnType<typeof makeExchange>;
let desk: RecallDesk;
let recalling: Recalling;
let dir: string;
/** What the relay was given, and what stands in the record. */
let given: Bytes[];
let lines: string[];
let told: number[];

beforeAll(async () => {
  world = await makeGatewayWorld([sender, relay, reader, far], { now, types: ["data.*", "request.*"] });
  const place = { hub: far, urls: ["tls://127.0.0.1:4333"], recs: ["sadc"] };
  // who has no right in a community is linked to the register's first hub
  const next = world.publish((parts) => ({
    ...parts,
    hubs: [place, ...parts.hubs],
    mandates: parts.mandates.filter(({ agency, scope }) => agency !== reader || scope === "direct"),
  }));
  const agreement = { agreementRef: "R1", relay, hubs: [near, far], parties: [], types: ["*"], handlingUpTo: "H2", from: 0 };
  view = { ...verifyRegister(next, world.anchors, world.view), relays: [agreement] };
}); // prettier-ignore

/** Has the sender's own hub keep nothing of what it is asked for. */
function erasedNear(order: Bytes): Promise<Bytes> {
  const { messages = [] } = parseReceipt(order).receipt.erasures ?? {};
  const gone = messages.map((line) => ({ ...line, stream: "DIRECT", streamSequence: 1, erasedAt: made.clock.now() }));
  return Promise.resolve(signReceipt(world, near, { recipient: sender, issuedAt: made.clock.now(), erasures: { messages: gone, chunks: [] } }));
} // prettier-ignore

beforeEach(() => {
  [given, lines, told] = [[], [], []];
  dir = mkdtempSync(join(tmpdir(), "far-hubs-"));
  made = Object.assign(makeOffice(world, sender), { register: () => view });
  const watchers = makeWatchers(made.store, made.log);
  exchange = makeExchange(made, { watchers, wake: () => undefined, link: () => undefined });
  const parts = makeRecallParts(made, exchange, {
    dir,
    hubs: () => [near],
    askErase: erasedNear,
    tell: (_hub, _subject, receipt) => given.push(receipt) > 0,
    record: (act, object, outcome) => void lines.push([act, object, outcome].join(" ").trim()),
    changed: (messages) => void told.push(...messages),
  });
  desk = makeRecallDesk(parts);
  recalling = startRecalls(parts);
});
afterEach(async () => {
  await recalling.stop();
  made.close();
  rmSync(dir, { recursive: true });
});

async function receive(issuer: string, said: Partial<Receipt>): Promise<void> {
  const nothing = { wake: () => undefined, sawEpoch: () => undefined };
  const take = makeTakeReceipts(made, { ...nothing, refreshRegister: () => Promise.resolve(false) });
  await take([signReceipt(world, issuer, { recipient: sender, issuedAt: made.clock.now(), ...said })]);
} // prettier-ignore

function lineOf(id: string): Erasure {
  const { seq, digest: envelopeDigest } = made.store.messages.find(parseUuid(id))!;
  const [publication] = made.store.outbox.byMessage(seq);
  return { messageId: parseUuid(id), envelopeDigest, channel: publication!.channel };
}

let keys = 0;

/** Mail to who is linked elsewhere; our hub took it, and its relay may have brought it on. */
async function sendAway(): Promise<string> {
  keys += 1;
  const mail = { ...(exampleNow("request.information", made.clock.now()) as object), type: "request.information", recipients: [reader] };
  const { id } = await exchange.submit(mail, `away ${keys}`);
  const line = lineOf(id);
  await receive(near, { accepted: [{ ...line, stream: "DIRECT", instance: "i", streamSequence: keys }] });
  return id;
} // prettier-ignore

/** Takes them back, and lets everything be done that can be. */
async function takeBack(ids: readonly string[]): Promise<void> {
  keys += 1;
  const deadline = made.clock.now() + 2 * day;
  await desk.start({ ids, scope: "MESSAGE", reason: "UNLAWFUL", deadline }, `back ${keys}`);
  await recalling.tend();
}

async function waits(ms: number): Promise<void> {
  made.clock.move(ms);
  await recalling.tend();
}

const beyond = (id: string): unknown => desk.show(id)["beyond"];
const order = (id: string): unknown => made.store.recalls.of(parseUuid(id), sender)[0];
const silences = (): readonly string[] => lines.filter((line) => line.endsWith("NOT_ANSWERED"));

async function answer(id: string): Promise<void> {
  const said = { messages: [{ ...lineOf(id), stream: "DIRECT", streamSequence: 7, erasedAt: made.clock.now() }], chunks: [] };
  const word = signReceipt(world, far, { recipient: sender, issuedAt: made.clock.now(), erasures: said });
  await receive(relay, { farErasures: { orders: [], answers: [{ hub: far, word }] } });
} // prettier-ignore

/** As it is written down once proved: in sixty days this world's certificates have ended. */
async function noteAnswer(id: string): Promise<void> {
  const { messageId: target, channel } = lineOf(id);
  const said = { stream: "DIRECT", sequence: 7, at: made.clock.now(), receipt: 1 };
  await made.store.write(() => made.store.farErasures.answer({ target, channel }, said));
}

describe("T7 a hub beyond that never answers", () => {
  it("is asked on, and after the order's deadline listed and told once, with since when it is asked", async () => {
    const id = await sendAway();
    await takeBack([id]);
    const since = desk.show(id)["beyond"] as readonly { readonly askedAt: string }[];
    expect(since).toMatchObject([{ hub: far, relay, state: "AWAITED" }]);
    expect(desk.list()[0]).not.toHaveProperty("unanswered");
    for (let rounds = 0; rounds < 3; rounds += 1) await waits(day);
    expect(beyond(id)).toMatchObject([{ hub: far, state: "OVERDUE", askedAt: since[0]!.askedAt }]);
    expect(desk.list()[0]).toMatchObject({ id, unanswered: 1 });
    const { seq } = made.store.messages.find(parseUuid(id))!;
    expect([silences(), told.filter((one) => one === seq).length > 0]).toEqual([[`HUB_ERASED ${id} NOT_ANSWERED`], true]);
    expect(order(id)).toMatchObject({ state: "OPEN", trouble: "HUB_UNREACHABLE" });
    expect(given.length).toBe(4);
  }); // prettier-ignore

  it("is asked each ten minutes at first, and ever more seldom, up to four times a day", async () => {
    const id = await sendAway();
    await takeBack([id]);
    for (let rounds = 0; rounds < 12; rounds += 1) await waits(5 * minute);
    expect(given.length).toBeGreaterThan(5);
    expect(given.length).toBeLessThan(9);
    await waits(10 * day);
    const before = given.length;
    for (let rounds = 0; rounds < 24; rounds += 1) await waits(60 * minute);
    expect(given.length - before).toBe(4);
  });

  it("ends after sixty days, when nobody keeps it any longer: asked no more, and done, with what it is done without", async () => {
    const id = await sendAway();
    await takeBack([id]);
    for (let rounds = 0; rounds < 60; rounds += 1) await waits(day);
    expect(beyond(id)).toMatchObject([{ state: "UNANSWERED" }]);
    expect(order(id)).toMatchObject({ state: "DONE", trouble: "HUB_UNREACHABLE" });
    const before = given.length;
    for (let rounds = 0; rounds < 3; rounds += 1) await waits(day);
    expect([given.length, silences().length, desk.list()[0]?.["unanswered"]]).toEqual([
      before,
      1,
      1,
    ]);
  });

  it.each([[3, answer], [61, noteAnswer]])("is believed when it answers late, after %i days", async (days, answers) => {
    const id = await sendAway();
    await takeBack([id]);
    for (let rounds = 0; rounds < days; rounds += 1) await waits(day);
    await answers(id);
    await recalling.tend();
    expect(beyond(id)).toMatchObject([{ hub: far, state: "ANSWERED", stream: "DIRECT", sequence: 7 }]);
    expect(desk.list()[0]).not.toHaveProperty("unanswered");
    expect(order(id)).toMatchObject({ state: "DONE" });
    expect(silences()).toHaveLength(1);
  }); // prettier-ignore

  it("holds up no order behind it, however many wait", async () => {
    const silent: string[] = [];
    for (let count = 0; count < 51; count += 1) silent.push(await sendAway());
    await takeBack(silent.slice(0, 50));
    await takeBack(silent.slice(50));
    const last = await sendAway();
    await takeBack([last]);
    expect(beyond(last)).toMatchObject([{ hub: far, state: "AWAITED" }]);
    await answer(last);
    await recalling.tend();
    expect(order(last)).toMatchObject({ state: "DONE" });
    expect(order(silent[0]!)).toMatchObject({ state: "OPEN" });
  });
});
