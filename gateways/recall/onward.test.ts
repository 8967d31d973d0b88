import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { parseUuid, renderUuid, silentLog } from "../../schemas/ground/index.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  makeRecallWorld,
  openRecallRegion,
  type RecallRegion,
  type RecallSide,
} from "../../test/kit/recall-world.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { exampleNow } from "../../test/kit/submissions.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const day = 86_400_000;
const names = ["ng/tcu", "gh/tcu", "ci/tcu", "sn/tcu"];
let world: GatewayWorld;
let region: RecallRegion;
let owner: RecallSide;
let reader: RecallSide;
let further: RecallSide;
let source: string;
let carrier: string;

type Json = Readonly<Record<string, unknown>>;

beforeAll(async () => {
  world = await makeRecallWorld(names, now);
});
beforeEach(async () => {
  region = openRecallRegion(world, names);
  [owner, reader, further] = ["ng/tcu", "gh/tcu", "sn/tcu"].map((one) => region.side(one)) as [RecallSide, RecallSide, RecallSide];
  source = await owner.submit(ask("gh/tcu", "Three crates"), "source");
  await region.carry();
  carrier = await giveOn("first");
}); // prettier-ignore
afterEach(() => region.close());

function at(days: number): string {
  return new Date(region.clock.now() + days * day).toISOString();
}

function ask(to: string, text: string, more: Json = {}): Json {
  const said = exampleNow("request.information", region.clock.now());
  const own = { ...said.inner, courtUse: undefined };
  return JSON.parse(JSON.stringify({ type: "request.information", ...said, crimes: ["drugs"], handling: "H0", recipients: [to], inner: own, body: { ...said.body, facts: { text, lang: "en" }, attachments: undefined, ...more } })) as Json;
} // prettier-ignore

/** The reader passes the source on to sn/tcu, in a message of his own. */
async function giveOn(key: string, more: Json = {}): Promise<string> {
  const id = await reader.submit(ask("sn/tcu", `Passed on: three crates (${key})`, more), `on ${key}`);
  const { store } = reader.office;
  const use = { kind: "ONWARD", uses: ["ONWARD_LE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", by: "" } as const;
  await store.write(() => store.onward.add({ ...use, source: parseUuid(source), owner: "ng/tcu", agency: "sn/tcu", carrier: id, at: region.clock.now() }));
  await region.carry();
  return id;
} // prettier-ignore

function order(type: string, body: Json, more: Json = {}): Json {
  return { type, crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], ...more, body };
}

async function correct(body: Json = {}): Promise<string> {
  const changes = [{ pointer: "/facts/text", change: "REPLACED", newValue: "Two crates" }];
  return await owner.submit(order("data.correct", { targetId: source, correctionReason: "ERROR", changes, effectiveAt: at(0), deadline: at(7), ...body }), "correct");
} // prettier-ignore

async function block(): Promise<string> {
  return await owner.submit(order("data.block", { targetIds: [source], blockAct: "BLOCKED", blockReason: "CONTESTED", verifyBy: at(30) }), "block");
} // prettier-ignore

/** Somebody of an agency reads all that came about a type. */
async function read({ office }: RecallSide, type: string): Promise<void> {
  const { store, clock } = office;
  const all = store.messages.list({ box: "in", limit: 200 }).filter((one) => one.type === type);
  await store.write(() => {
    for (const { id } of all)
      store.opened.add(store.messages.find(id)!.seq, "person:ama", clock.now());
  });
}

function holder(side: RecallSide, target: string, agency: string): Json | undefined {
  const copies = side.desk.show(target)["copies"] as readonly Json[];
  return copies.find((one) => one["agency"] === agency);
}

function received({ office }: RecallSide, type: string): readonly Json[] {
  const { store } = office;
  return store.messages.list({ box: "in", limit: 200 }).filter((one) => one.type === type).map(({ id, originator }) => ({ id: renderUuid(id), originator }));
} // prettier-ignore

describe("a correction of what was passed on", () => {
  it("reaches whom it was given to, and its holder says CORRECTED only when they have and somebody here has read it", async () => {
    await correct();
    await region.settle();
    expect(received(further, "data.correct")).toMatchObject([{ originator: "gh/tcu" }]);
    expect(reader.desk.show(carrier)).toMatchObject({ kind: "CORRECT", state: "AWAITED", holders: 1 });
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "OPEN", answer: { done: "UNDER_WAY", onwardPending: ["sn/tcu"] } });
    await read(reader, "data.correct");
    await region.settle();
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "OPEN" });
    await read(further, "data.correct");
    await region.settle();
    expect(reader.desk.show(carrier)).toMatchObject({ kind: "CORRECT", state: "COMPLETE", done: 1 });
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "DONE", answer: { done: "CORRECTED", onwardDone: ["sn/tcu"] } });
    expect(owner.desk.show(source)).toMatchObject({ kind: "CORRECT", state: "COMPLETE" });
    expect(reader.office.store.messages.find(parseUuid(source))?.state).toBe("VERIFIED");
  });

  it("says what changed as its owner wrote it, of our own message, and each time once", async () => {
    await correct();
    await region.settle();
    await correct();
    await owner.submit(order("data.correct", { targetId: source, correctionReason: "NEW_INFO", changes: [{ pointer: "/facts/text", change: "REPLACED", newValue: "One crate" }], effectiveAt: at(0), deadline: at(7) }), "again");
    await region.settle();
    const said = received(further, "data.correct").map(({ id }) => further.office.store.messages.find(parseUuid(String(id)))!);
    const texts = said.map(({ parts }) => Buffer.from(parts!).toString("latin1"));
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(Buffer.from(text, "latin1").includes(Buffer.from(parseUuid(carrier)))).toBe(true);
    expect([texts.filter((text) => text.includes("Two crates")).length, texts.filter((text) => text.includes("One crate")).length]).toEqual([1, 1]);
  });

  it("a person's own word stands, and no word of the gateway goes over it", async () => {
    region.away.add("sn/tcu");
    const id = await correct();
    await region.settle();
    const refusal = { purged: [{ targetId: source, done: "REFUSED", purgeRefusal: "OWN_COLLECTION" }] };
    await reader.submit(order("data.purge_ack", refusal, { recipients: ["ng/tcu"], inReplyTo: id }), "no");
    region.away.delete("sn/tcu");
    await read(reader, "data.correct");
    await region.settle();
    await read(further, "data.correct");
    await region.settle();
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "REFUSED", answer: { done: "REFUSED" } });
  });

  it("nobody says that it is done while one he named has not answered", async () => {
    region.away.add("sn/tcu");
    const id = await correct();
    await region.settle();
    const early = { purged: [{ targetId: source, done: "CORRECTED", doneAt: at(0) }] };
    const said = reader.submit(order("data.purge_ack", early, { recipients: ["ng/tcu"], inReplyTo: id }), "early");
    await expect(said).rejects.toMatchObject({ code: "WORK_OUT_OF_TURN" });
  });

  it("a use outside is open until somebody says that it is mended there, and a later purge asks again", async () => {
    const { store } = reader.office;
    await store.write(() => store.onward.add({ kind: "COURT", uses: ["COURT_USE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", by: "", source: parseUuid(source), owner: "ng/tcu", country: "GH", bodyName: "High Court", carrier: "file 7", at: now }));
    const id = await correct();
    await read(further, "data.correct");
    await region.settle();
    for (const side of [reader, further]) await read(side, "data.correct");
    await region.settle();
    const [asked] = reader.desk.asked();
    expect(asked).toMatchObject({ order: id, kind: "CORRECT", state: "OPEN", outside: [{ body: "High Court" }] });
    const [{ use }] = asked!["outside"] as [{ use: number }];
    await reader.desk.confirmOutside({ order: id, use, ref: "letter 3" }, { by: "ama" });
    await region.settle();
    expect(reader.desk.asked()[0]).toMatchObject({ kind: "CORRECT", state: "DONE", told: "CORRECTED" });
    await owner.desk.start({ ids: [source], scope: "MESSAGE", reason: "UNLAWFUL", deadline: region.clock.now() + day }, "back");
    await region.settle();
    expect(reader.desk.asked()[0]).toMatchObject({ kind: "PURGE", state: "OPEN", told: expect.stringContaining("UNDER_WAY") as string, outside: [{ use }] });
  });
}); // prettier-ignore

describe("a block of what was passed on", () => {
  it("reaches whom it was given to, and its holder says BLOCKED only when they have", async () => {
    region.away.add("sn/tcu");
    await block();
    await region.settle();
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "OPEN", answer: { done: "UNDER_WAY", onwardPending: ["sn/tcu"] } });
    region.away.delete("sn/tcu");
    await region.settle();
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "DONE", answer: { done: "BLOCKED", onwardDone: ["sn/tcu"] } });
    expect(owner.desk.show(source)).toMatchObject({ kind: "BLOCK", state: "COMPLETE" });
    expect(reader.desk.show(carrier)).toMatchObject({ kind: "BLOCK", state: "COMPLETE" });
    expect(blockWords(further, carrier)).toEqual(["BLOCKED"]);
  });

  it("what is prolonged or lifted is so wherever the block went", async () => {
    const id = await block();
    await region.settle();
    await owner.submit(order("data.block", { targetIds: [source], blockAct: "PROLONGED", blockId: id, blockReason: "CONTESTED", verifyBy: at(60) }, { inReplyTo: id }), "longer");
    await region.settle();
    expect(received(further, "data.block")).toHaveLength(2);
    expect(reader.desk.show(carrier)).toMatchObject({ kind: "BLOCK", state: "COMPLETE" });
    await owner.submit(order("data.block", { targetIds: [source], blockAct: "LIFTED_CONFIRMED", blockId: id }, { inReplyTo: id }), "lift");
    await region.settle();
    expect(blockWords(further, carrier)).toEqual(["BLOCKED", "BLOCKED", "LIFTED"]);
    expect(reader.desk.asked().map(({ kind, state, trouble }) => [kind, state, trouble])).toEqual([["LIFT", "DONE", undefined], ["PROLONG", "DONE", undefined], ["BLOCK", "DONE", undefined]]);
  });

  it("one that is lifted before it went on goes to nobody, and asks for no answer", async () => {
    region.away.add("gh/tcu");
    const id = await block();
    await region.carry();
    await owner.submit(order("data.block", { targetIds: [source], blockAct: "LIFTED_CONFIRMED", blockId: id }, { inReplyTo: id }), "lift");
    await region.carry();
    region.away.delete("gh/tcu");
    await region.settle();
    expect(received(further, "data.block")).toEqual([]);
    expect(reader.desk.asked().every(({ state }) => state === "DONE")).toBe(true);
    expect(owner.desk.show(source)).toMatchObject({ kind: "LIFT", state: "COMPLETE" });
  });

  it("goes after a message that is passed on while it stands, and a purge goes before it", async () => {
    await block();
    await region.settle();
    const late = await giveOn("late");
    await region.settle();
    expect(blockWords(further, late)).toEqual(["BLOCKED"]);
    expect(reader.desk.asked()).toMatchObject([{ kind: "BLOCK", state: "DONE", told: "BLOCKED" }]);
    await owner.desk.start({ ids: [source], scope: "MESSAGE", reason: "UNLAWFUL", deadline: region.clock.now() + day }, "back");
    await region.settle();
    expect(owner.desk.show(source)).toMatchObject({ kind: "PURGE", state: "COMPLETE" });
    expect(further.office.store.messages.find(parseUuid(carrier))?.state).toBe("ERASED");
  });

  it("an answer is awaited until it is late", async () => {
    region.away.add("gh/tcu");
    await block();
    await region.settle();
    expect(owner.desk.show(source)).toMatchObject({ kind: "BLOCK", state: "AWAITED", holders: 1, done: 0 });
    region.away.delete("gh/tcu");
    region.away.add("sn/tcu");
    await region.settle();
    region.clock.move(8 * day);
    expect(owner.desk.show(source)).toMatchObject({ kind: "BLOCK", state: "OVERDUE", overdue: 1 });
  });
}); // prettier-ignore

describe("a purge", () => {
  it("asks nobody for what was stopped before it left", async () => {
    const { office } = reader;
    const never = await reader.submit(ask("ci/tcu", "Never sent"), "never");
    const use = { kind: "ONWARD", uses: ["ONWARD_LE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", by: "" } as const;
    await office.store.write(() => office.store.onward.add({ ...use, source: parseUuid(source), owner: "ng/tcu", agency: "ci/tcu", carrier: never, at: region.clock.now() }));
    const duties = { watchers: makeWatchers(office.store, silentLog), wake: () => undefined, link: () => undefined };
    await makeExchange(office, duties).stop!(never);
    await owner.desk.start({ ids: [source], scope: "MESSAGE", reason: "UNLAWFUL", deadline: region.clock.now() + day }, "back");
    await region.settle();
    expect(holder(owner, source, "gh/tcu")).toMatchObject({ state: "DONE", answer: { onwardDone: ["sn/tcu"] } });
    expect([received(further, "data.purge").length, received(region.side("ci/tcu"), "data.purge").length]).toEqual([1, 0]);
  });
}); // prettier-ignore

/** What the owner of a message said of it, as lookups here know it. */
function blockWords({ office }: RecallSide, id: string): readonly string[] {
  const message = office.store.messages.find(parseUuid(id))!;
  return office.store.lookups.said(message.id, message.originator).map(({ word }) => word);
}
