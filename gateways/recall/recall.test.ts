import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../certs/trust/index.ts";
import { parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  makeRecallWorld,
  openRecallRegion,
  type RecallRegion,
  type RecallSide,
} from "../../test/kit/recall-world.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import type { RecallWish } from "./start-recall.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const day = 86_400_000;
const secret = "Two hundred kilos found";
let region: RecallRegion;
let owner: RecallSide;
let reader: RecallSide;
let other: RecallSide;
let further: RecallSide;

const names = ["ng/tcu", "gh/tcu", "ci/tcu", "sn/tcu"];
let world: GatewayWorld;

beforeAll(async () => {
  world = await makeRecallWorld(names, now);
});
beforeEach(() => {
  region = openRecallRegion(world, names);
  [owner, reader, other, further] = names.map((one) => region.side(one)) as [
    RecallSide,
    RecallSide,
    RecallSide,
    RecallSide,
  ];
});
afterEach(async () => {
  await region.close();
}); // prettier-ignore

function wish(id: string, more: Partial<RecallWish> = {}): RecallWish {
  return {
    ids: [id],
    scope: "MESSAGE",
    reason: "PURPOSE_ACHIEVED",
    deadline: region.clock.now() + 7 * day,
    ...more,
  };
}

/** The alert of the owner's feed, held by all three others. */
async function sendAlert(): Promise<string> {
  const id = await owner.submit(alert, "alert");
  await region.carry();
  return id;
}

function copies(side: RecallSide, id: string): readonly Record<string, unknown>[] {
  return side.desk.show(id)["copies"] as readonly Record<string, unknown>[];
}

function stateOf({ office }: RecallSide, id: string): string | undefined {
  return office.store.messages.find(parseUuid(id))?.state;
}

const sent = {
  kind: "ONWARD",
  uses: ["ONWARD_LE"],
  purposes: ["INVESTIGATION"],
  crimes: ["drugs"],
  ground: "NOT_ASKED",
  by: "",
} as const;

describe("taking a message back", () => {
  it("asks every reader of a feed, erases at each, and is complete only when all have answered", async () => {
    const id = await sendAlert();
    region.away.add("sn/tcu");
    const { sent: orders, unreached } = await owner.desk.start(wish(id), "back");
    expect(orders.map(({ holder }) => holder)).toEqual(["ci/tcu", "gh/tcu", "sn/tcu"]);
    expect(unreached).toEqual([]);
    await region.settle();
    expect(owner.desk.show(id)).toMatchObject({ kind: "PURGE", state: "AWAITED", holders: 3, done: 2 });
    expect(copies(owner, id).map(({ agency, state }) => [agency, state])).toEqual([["ci/tcu", "DONE"], ["gh/tcu", "DONE"], ["sn/tcu", "OPEN"]]);
    region.away.delete("sn/tcu");
    await region.settle();
    expect(owner.desk.list()).toMatchObject([{ id, state: "COMPLETE", holders: 3, done: 3, overdue: 0 }]);
    expect([owner, reader, other, further].map((side) => stateOf(side, id))).toEqual(["ERASED", "ERASED", "ERASED", "ERASED"]);
  });

  it("leaves no word and no sealed byte of it in any store, and what proves it stays", async () => {
    const id = await sendAlert();
    const before = reader.office.store.messages.find(parseUuid(id))!;
    const sealed = Buffer.from(before.raw).subarray(-64);
    expect([reader.bytes().includes(secret), reader.bytes().includes(sealed)]).toEqual([true, true]);
    await owner.desk.start(wish(id), "back");
    await region.settle();
    for (const side of [owner, reader, other, further]) {
      const bytes = side.bytes();
      expect([bytes.includes(secret), bytes.includes(sealed), bytes.includes("kilos")]).toEqual([false, false, false]);
    }
    const after = reader.office.store.messages.find(parseUuid(id))!;
    expect(after).toMatchObject({ state: "ERASED", code: "PURGE", digest: before.digest, parts: undefined });
    expect(reader.lines.filter((line) => line.startsWith("MESSAGE_ERASED"))).toEqual([`MESSAGE_ERASED ${id} PURGE`]);
    const [proof] = reader.desk.erasures();
    const answer = copies(owner, id).find(({ agency }) => agency === "gh/tcu")?.["answer"];
    expect(answer).toMatchObject({ done: "DELETED", evidence: proof!["evidence"] });
  });

  it("the hub keeps no bytes of it, says so over its signature, and writes down that it did", async () => {
    const id = await sendAlert();
    const stood = region.stored().length;
    await owner.desk.start(wish(id), "back");
    await region.settle();
    expect(region.stored().some(({ handed }) => handed.subject.endsWith(id))).toBe(false);
    expect(region.journal).toMatchObject([{ kind: "PURGE", stream: "FEED_ECOWAS", agency: "ng/tcu" }]);
    expect(owner.desk.show(id)["hub"]).toMatchObject([{ stream: "FEED_ECOWAS", sequence: expect.any(Number) as number }]);
    expect(stood).toBeGreaterThan(0);
  });

  it("who never fetched it never gets it, and says so", async () => {
    region.away.add("gh/tcu");
    const id = await sendAlert();
    await owner.desk.start(wish(id), "back");
    await region.settle();
    region.away.delete("gh/tcu");
    await region.settle();
    expect(stateOf(reader, id)).toBeUndefined();
    expect(copies(owner, id).find(({ agency }) => agency === "gh/tcu")).toMatchObject({ held: "NOT_YET", state: "DONE", answer: { done: "NEVER_HELD" } });
    expect(owner.desk.list()).toMatchObject([{ state: "COMPLETE" }]);
  });

  it("while the hub is out of reach the hub's part stays open, and is done when it is there again", async () => {
    const id = await sendAlert();
    region.hub.isUp = false;
    await owner.desk.start(wish(id), "back");
    await region.settle();
    expect([owner.desk.show(id)["hub"], region.journal]).toEqual([[], []]);
    region.hub.isUp = true;
    await region.settle();
    expect(region.journal).toHaveLength(1);
  });

  it("what was withdrawn or sent in error stays in its sender's own file", async () => {
    const id = await sendAlert();
    await owner.desk.start(wish(id, { reason: "SENT_IN_ERROR" }), "back");
    await region.settle();
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["DELIVERED", "ERASED"]);
    expect(region.stored().some(({ handed }) => handed.subject.endsWith(id))).toBe(false);
  });

  it("who does not answer by the deadline is overdue", async () => {
    region.away.add("gh/tcu");
    const id = await sendAlert();
    await owner.desk.start(wish(id), "back");
    await region.settle();
    region.clock.move(8 * day);
    expect(owner.desk.show(id)).toMatchObject({ state: "OVERDUE", overdue: 1 });
    expect(copies(owner, id).filter(({ isOverdue }) => isOverdue).map(({ agency }) => agency)).toEqual(["gh/tcu"]);
  });

  it("only its sender takes a message back, and the same wish is sent once", async () => {
    const id = await sendAlert();
    await expect(reader.desk.start(wish(id), "back")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const once = await owner.desk.start(wish(id), "back");
    const again = await owner.desk.start(wish(id), "back");
    expect(again).toEqual(once);
  });

  it("an order about another's message is answered as never held, and erases nothing", async () => {
    const id = await sendAlert();
    const forged = { type: "data.purge", crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], body: { targetIds: [id], purgeScope: "MESSAGE", purgeReason: "SENT_IN_ERROR", deadline: new Date(now + day).toISOString() } };
    await other.submit(forged, "forged");
    await region.settle();
    expect(stateOf(reader, id)).toBe("VERIFIED");
    expect(reader.desk.asked()).toMatchObject([{ originator: "ci/tcu", state: "DONE", told: "NEVER_HELD" }]);
  });

  it("who left the community since is asked all the same, by mail", async () => {
    const id = await sendAlert();
    const left = verifyRegister(
      world.publish((parts) => ({ ...parts, mandates: parts.mandates.filter(({ agency, scope }) => agency !== "gh/tcu" || scope === "direct") })),
      world.anchors,
    );
    for (const { office } of [owner, reader, other, further]) Object.assign(office, { register: () => left });
    expect((await owner.desk.start(wish(id), "back")).unreached).toEqual([]);
    await region.settle();
    expect([stateOf(reader, id), owner.desk.list()[0]!["state"]]).toEqual(["ERASED", "COMPLETE"]);
  });

  it("whom no order can be written to is named and keeps it open", async () => {
    const id = await sendAlert();
    const { office } = owner;
    const usual = office.register;
    const view = usual();
    const gone = { ...view, agency: (name: string) => (name === "gh/tcu" ? undefined : view.agency(name)) };
    Object.assign(office, { register: () => gone });
    const { unreached } = await owner.desk.start(wish(id), "back");
    Object.assign(office, { register: usual });
    expect(unreached).toEqual([{ holder: "gh/tcu", code: expect.any(String) as string }]);
    await region.settle();
    expect(owner.desk.show(id)).toMatchObject({ state: "AWAITED", unreached: 1 });
    // once it can be reached again the same is asked of it
    await owner.desk.start(wish(id), "back, again");
    await region.settle();
    expect(owner.desk.show(id)).toMatchObject({ state: "COMPLETE", unreached: 0 });
  });
}); // prettier-ignore

describe("taking back a message of two editions", () => {
  it.each(["nominal", "regional"] as const)("takes both back when the %s one is named, and the region hears of the regional alone", async (named) => {
    const { operationId: _none, ...body } = exampleNow("seizure.report", now).body as Record<string, unknown>;
    const both = { type: "seizure.report", crimes: ["drugs"], handling: "H1", recipients: ["gh/tcu"], project: { recs: ["ecowas"], handling: "H0" }, inner: { purposes: ["INVESTIGATION"] }, body };
    const nominal = await owner.submit(JSON.parse(JSON.stringify(both)), "both");
    const regional = renderUuid(owner.office.store.editions.regionalOf(parseUuid(nominal))!);
    await region.carry();
    const states = (side: RecallSide): readonly (string | undefined)[] => [nominal, regional].map((id) => stateOf(side, id));
    expect([states(reader), states(other)]).toEqual([["VERIFIED", "VERIFIED"], [undefined, "VERIFIED"]]);
    const { sent: orders } = await owner.desk.start(wish(named === "nominal" ? nominal : regional), "back");
    expect(orders.map(({ holder }) => holder).toSorted()).toEqual(["ci/tcu", "gh/tcu", "sn/tcu"]);
    await region.settle();
    expect([owner, reader, other, further].map(states)).toEqual([["ERASED", "ERASED"], ["ERASED", "ERASED"], [undefined, "ERASED"], [undefined, "ERASED"]]);
    expect([nominal, regional].map((id) => owner.desk.show(id))).toMatchObject([{ state: "COMPLETE", holders: 1, done: 1 }, { state: "COMPLETE", holders: 3, done: 3 }]);
    expect([reader.desk.asked().map(({ message }) => String(message)).toSorted(), other.desk.asked().map(({ message }) => message)]).toEqual([[nominal, regional].toSorted(), [regional]]);
    expect(region.stored().filter(({ handed }) => handed.subject.endsWith(nominal) || handed.subject.endsWith(regional))).toEqual([]);
  });
}); // prettier-ignore

describe("what was passed on", () => {
  /** The reader passes the alert on to ci/tcu and sn/tcu in a message of its own. */
  async function passOn(id: string): Promise<string> {
    const carrier = await reader.submit({ ...alert, body: { ...alert.body, narrative: { text: `Passed on: ${secret}`, lang: "en" } } }, "on");
    await reader.office.store.write(() => {
      for (const agency of ["ci/tcu", "sn/tcu"]) {
        reader.office.store.onward.add({ ...sent, source: parseUuid(id), owner: "ng/tcu", agency, carrier, at: region.clock.now() });
      }
    });
    await region.carry();
    return carrier;
  }

  it("a holder says DELETED only when all he gave it to have, and until then who is open", async () => {
    const id = await sendAlert();
    const carrier = await passOn(id);
    region.away.add("sn/tcu");
    await owner.desk.start(wish(id), "back");
    await region.settle();
    expect(stateOf(reader, id)).toBe("ERASED");
    const open = copies(owner, id).find(({ agency }) => agency === "gh/tcu");
    expect(open).toMatchObject({ state: "OPEN", answer: { done: "UNDER_WAY", onwardPending: expect.arrayContaining(["sn/tcu"]) as string[] } });
    region.away.delete("sn/tcu");
    await region.settle();
    expect(copies(owner, id).find(({ agency }) => agency === "gh/tcu")).toMatchObject({ state: "DONE", answer: { done: "DELETED", onwardDone: expect.arrayContaining(["ci/tcu", "sn/tcu"]) as string[] } });
    expect([reader, other, further].map((side) => stateOf(side, carrier))).toEqual(["ERASED", "ERASED", "ERASED"]);
    expect(owner.desk.list()[0]).toMatchObject({ state: "COMPLETE" });
    for (const side of [owner, reader, other, further]) expect(side.bytes().includes(secret)).toBe(false);
  });

  it("a use outside the network keeps it open until somebody says that it is undone", async () => {
    const id = await sendAlert();
    await reader.office.store.write(() => reader.office.store.onward.add({ ...sent, kind: "COURT", source: parseUuid(id), owner: "ng/tcu", country: "GH", bodyName: "High Court", carrier: "file 7", at: now }));
    await owner.desk.start(wish(id), "back");
    await region.settle();
    const [asked] = reader.desk.asked();
    expect(asked).toMatchObject({ state: "OPEN", told: "UNDER_WAY", outside: [{ body: "High Court", country: "GH" }] });
    const [{ use }] = asked!["outside"] as [{ use: number }];
    await expect(reader.desk.confirmOutside({ order: String(asked!["order"]), use: use + 1, ref: "letter 3" }, { by: "ama" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await reader.desk.confirmOutside({ order: String(asked!["order"]), use, ref: "letter 3" }, { by: "ama" });
    await region.settle();
    expect(reader.desk.asked()[0]).toMatchObject({ state: "DONE", told: "DELETED" });
  });

  it("where one further on keeps it by an order, we say no better, and its owner sees it as part", async () => {
    const id = await sendAlert();
    const carrier = await passOn(id);
    await further.desk.setHolds({ ids: [carrier], ref: "SN/12", country: "SN", ground: "pending trial", until: now + 200 * day }, { by: "ama" });
    await owner.desk.start(wish(id), "back");
    await region.settle();
    expect(copies(owner, id).find(({ agency }) => agency === "gh/tcu")).toMatchObject({ state: "KEPT", answer: { done: "LEGAL_HOLD", hold: { ref: "SN/12", country: "SN" } } });
    expect(owner.desk.list()[0]).toMatchObject({ state: "PARTIAL", kept: 1 });
  });
}); // prettier-ignore
