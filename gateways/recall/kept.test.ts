import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { parseUuid } from "../../schemas/ground/index.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import { startRecalls } from "./service.ts";
import {
  makeRecallParts,
  makeRecallWorld,
  openRecallRegion,
  type RecallRegion,
  type RecallSide,
} from "../../test/kit/recall-world.ts";
import type { RecallWish } from "./start-recall.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const day = 86_400_000;
const secret = "Two hundred kilos found";
let region: RecallRegion;
let owner: RecallSide;
let reader: RecallSide;
let other: RecallSide;

const names = ["ng/tcu", "gh/tcu", "ci/tcu", "sn/tcu"];
let world: GatewayWorld;

beforeAll(async () => {
  world = await makeRecallWorld(names, now);
});
beforeEach(() => {
  region = openRecallRegion(world, names);
  [owner, reader, other] = names.map((one) => region.side(one)) as [
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

function stateOf({ office }: RecallSide, id: string): string | undefined {
  return office.store.messages.find(parseUuid(id))?.state;
}

describe("a legal hold", () => {
  const order = { ref: "ACC/88", country: "GH", ground: "pending trial", until: now + 100 * day };

  it("goes before the purge, is named to the owner, and what it kept goes when it is lifted", async () => {
    const id = await sendAlert();
    const [hold] = await reader.desk.setHolds({ ids: [id], ...order }, { by: "ama" });
    await reader.desk.confirmHold(String(hold!["id"]), { by: "kofi" });
    await owner.desk.start(wish(id), "back");
    await region.settle();
    expect(stateOf(reader, id)).toBe("VERIFIED");
    expect(owner.desk.list()[0]).toMatchObject({ state: "PARTIAL", kept: 1, done: 2 });
    await reader.desk.liftHold(String(hold!["id"]), { by: "kofi", ground: "trial over" });
    await region.settle();
    expect([stateOf(reader, id), owner.desk.list()[0]!["state"]]).toEqual(["ERASED", "COMPLETE"]);
  });

  it("takes two persons: alone it keeps 72 hours, and who set it neither confirms nor lifts it", async () => {
    const id = await sendAlert();
    const [hold] = await reader.desk.setHolds({ ids: [id], ...order }, { by: "ama" });
    const own = String(hold!["id"]);
    await expect(reader.desk.confirmHold(own, { by: "ama" })).rejects.toMatchObject({ code: "SECOND_PERSON_NEEDED" });
    await expect(reader.desk.liftHold(own, { by: "ama", ground: "no" })).rejects.toMatchObject({ code: "SECOND_PERSON_NEEDED" });
    expect(reader.desk.holds()).toMatchObject([{ isStanding: true }]);
    region.clock.move(73 * 3_600_000);
    expect(reader.desk.holds()).toMatchObject([{ isStanding: false }]);
    await expect(reader.desk.confirmHold(own, { by: "kofi" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("has an end within five years", async () => {
    const id = await sendAlert();
    for (const until of [now - 1, now + 6 * 366 * day]) {
      await expect(reader.desk.setHolds({ ids: [id], ...order, until }, { by: "ama" })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    }
    expect(reader.desk.holds()).toEqual([]);
  });
}); // prettier-ignore

describe("retention", () => {
  it("a message goes on the day it says itself, here and there, with a line of the record", async () => {
    const id = await owner.submit({ ...alert, inner: { deleteBy: new Date(now + 3 * day).toISOString(), reviewBy: new Date(now + day).toISOString() } }, "short");
    await region.carry();
    expect(reader.desk.retention()).toMatchObject([{ id, keep: "SAID" }]);
    region.clock.move(3 * day);
    await region.settle();
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["ERASED", "ERASED"]);
    expect(reader.lines).toContain(`MESSAGE_ERASED ${id} RETENTION`);
    expect(reader.bytes().includes(secret)).toBe(false);
  });

  it("not a day before, and not while a hold keeps it", async () => {
    const id = await owner.submit({ ...alert, inner: { deleteBy: new Date(now + 3 * day).toISOString() } }, "short");
    await region.carry();
    await reader.desk.setHolds({ ids: [id], ref: "A", country: "GH", ground: "trial", until: now + 50 * day }, { by: "ama" });
    region.clock.move(3 * day - 1);
    await region.settle();
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["DELIVERED", "VERIFIED"]);
  });

  it("without a day of its own it goes when its type's time is over", async () => {
    const id = await sendAlert();
    const { deleteAt, keep } = reader.office.store.retention.of(reader.office.store.messages.find(parseUuid(id))!.seq)!;
    expect(keep).toBe("FROM_SENDING");
    region.clock.move(deleteAt - now - 1);
    await reader.recalling.tend();
    expect(stateOf(reader, id)).toBe("VERIFIED");
    region.clock.move(1);
    await reader.recalling.tend();
    expect(stateOf(reader, id)).toBe("ERASED");
  });

  it("by a clock that is known to be wrong nothing goes", async () => {
    const id = await owner.submit({ ...alert, inner: { deleteBy: new Date(now + day).toISOString() } }, "short");
    region.clock.move(2 * day);
    const parts = makeRecallParts(owner.office, { submit: () => Promise.reject(new Error("not asked")) }, { isClockRight: () => false });
    const recalling = startRecalls(parts);
    await recalling.tend();
    expect(stateOf(owner, id)).not.toBe("ERASED");
    await recalling.stop();
  });

  it("its owner keeps it longer, everywhere", async () => {
    const id = await owner.submit({ ...alert, inner: { deleteBy: new Date(now + 3 * day).toISOString() } }, "short");
    await region.carry();
    const at = (days: number): string => new Date(now + days * day).toISOString();
    const body = { targetIds: [id], deletionAt: at(3), newDeletionAt: at(30), retentionReason: "CASE_OPEN", justification: { text: "trial goes on", lang: "en" }, approvedBy: { text: "Head of unit", lang: "en" }, approvalRef: "A-7", approvedAt: at(0) };
    await owner.submit({ type: "data.retention_extend", crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], body }, "longer");
    await region.carry();
    region.clock.move(4 * day);
    await region.settle();
    // ci/tcu was not told, and erased it
    expect([owner, reader, other].map((side) => stateOf(side, id))).toEqual(["DELIVERED", "VERIFIED", "ERASED"]);
  });
}); // prettier-ignore
