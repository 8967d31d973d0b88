import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { bodyCodecs, decodeParts, joinParts } from "../../schemas/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import type { KeptUntil } from "../store/index.ts";
import { reckonDues } from "../work/index.ts";
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
import { exampleNow } from "../../test/kit/submissions.ts";
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

describe("how long a matter is kept", () => {
  let id: string;
  const kept = ({ office }: RecallSide, of: string): KeptUntil => office.store.retention.of(office.store.messages.find(parseUuid(of))!.seq)!;
  /** The clock stands at a moment, deadlines are reckoned, and what is past its day goes. */
  async function reach(moment: number): Promise<void> {
    region.clock.move(moment - region.clock.now());
    for (const { office, recalling } of [owner, reader]) {
      await reckonDues(office, { terms: standingTerms, now: region.clock.now() });
      await recalling.tend();
    }
  }
  async function withdraw(): Promise<string> {
    const { body } = exampleNow("request.withdraw", region.clock.now());
    const said = await owner.submit({ type: "request.withdraw", crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], inReplyTo: id, body }, "no more");
    await region.carry();
    return said;
  }

  beforeEach(async () => {
    const { inner, body } = exampleNow("request.information", now);
    const json = { type: "request.information", crimes: ["drugs"], handling: "H0", recipients: ["gh/tcu"], inner: { ...inner, courtUse: undefined }, body };
    id = await owner.submit(JSON.parse(JSON.stringify(json)), "asked");
    await region.carry();
  });

  it("what is still awaited is not over, whatever its day; once it is closed, the time counts from its last message", async () => {
    const first = kept(owner, id).deleteAt;
    await reach(first + day);
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["DELIVERED", "VERIFIED"]);
    // nothing is awaited any more
    for (const { office } of [owner, reader]) {
      const { threads, messages } = office.store;
      const thread = threads.of(messages.find(parseUuid(id))!.seq)!;
      await office.store.write(() => threads.putDues(thread, []));
    }
    region.clock.move(day);
    for (const { recalling } of [owner, reader]) await recalling.tend();
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["ERASED", "ERASED"]);
  });

  it("counts from the last message of the matter, and what belongs to it stays as long", async () => {
    const first = kept(owner, id).deleteAt;
    region.clock.move(3 * day);
    const last = await withdraw();
    expect([kept(owner, id).keep, kept(owner, last).keep]).toEqual(["FROM_CLOSE", "FROM_PARENT"]);
    await reach(first + 1);
    expect([stateOf(owner, id), stateOf(reader, id)]).toEqual(["DELIVERED", "VERIFIED"]);
    const { store } = owner.office;
    await store.write(() => store.retention.put({ ...kept(owner, id), deleteAt: first + 9 * day }));
    await reach(first + 3 * day + 1);
    // here the matter was kept longer, and its last word with it
    expect([stateOf(owner, last), stateOf(reader, id), stateOf(reader, last)]).toEqual(["DELIVERED", "ERASED", "ERASED"]);
    await reach(first + 9 * day + 1);
    await reach(first + 10 * day + 2);
    expect([stateOf(owner, id), stateOf(owner, last)]).toEqual(["ERASED", "ERASED"]);
  });
}); // prettier-ignore

describe("what backups still have", () => {
  it("an answer says that they are not cut and by which day the last of them is gone", async () => {
    const id = await sendAlert();
    await owner.desk.start(wish(id), "back");
    await region.settle();
    const { store } = owner.office;
    const answer = store.messages.list({ box: "in", limit: 50 }).find(({ type, originator }) => type === "data.purge_ack" && originator === "gh/tcu")!;
    const { body } = joinParts(decodeParts(store.messages.find(answer.id)!.parts!).parts);
    const { backupsIncluded, backupsGoneBy, purged } = bodyCodecs["data.purge_ack"].decode(body);
    // thirty days in this world
    expect([backupsIncluded, backupsGoneBy]).toEqual([false, purged[0]!.doneAt! + 30 * day]);
  });
}); // prettier-ignore
