import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { openSqlite } from "../store/drivers/sqlite.ts";
import { openStore } from "../store/index.ts";
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { type AuditRecord, openAuditRecord } from "./index.ts";

const now = 1_780_272_000_000;
const dayMs = 86_400_000;
let world: GatewayWorld;
let office: MadeOffice;
let record: AuditRecord;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});
beforeEach(async () => {
  office = makeOffice(world, "ng/tcu");
  record = openAuditRecord(office);
  await record.note({
    who: "person:1",
    act: "MESSAGE_READ",
    object: "m1",
    purpose: "INVESTIGATION",
  });
  await record.note({ who: "person:1", act: "MESSAGE_LISTED", count: 7 });
});
afterEach(() => {
  record.stop();
  office.close();
});

/** Does to the file what somebody with the disk in his hands can do, and opens the record anew, without adding to it. */
async function tamper(sql: string): Promise<Awaited<ReturnType<AuditRecord["check"]>>> {
  record.stop();
  office.store.close();
  const path = join(office.dir, "store.db");
  const file = openSqlite(path);
  file.exec(`DROP TRIGGER audit_kept; DROP TRIGGER audit_held; ${sql}`);
  file.close();
  const store = openStore(path);
  try {
    const { checkRecord } = await import("./verify.ts");
    return await checkRecord({ ...office, store });
  } finally {
    store.close();
  }
}

function lastLine(): ReturnType<AuditRecord["list"]>[number] {
  return record.list({ limit: 1 })[0]!;
}

describe("the audit record", () => {
  it("begins with a line of its own, signed, and is whole", async () => {
    expect(record.list({ limit: 9 }).map(({ act }) => act)).toEqual([
      "MESSAGE_LISTED",
      "MESSAGE_READ",
      "RECORD_BEGUN",
    ]);
    expect(await record.check()).toEqual({
      whole: true,
      from: 1,
      to: 3,
      proven: true,
      signedAt: now,
    });
    expect(record.head()).toMatchObject({ position: 3, anchor: { position: 1 } });
  });

  it("each line holds the hash of the one before", () => {
    const [third, second, first] = record.list({ limit: 3 });
    expect(third!.previous).toEqual(second!.hash);
    expect(second!.previous).toEqual(first!.hash);
  });

  it("a line of a write that fails is not kept", async () => {
    const failing = office.store.write(() => {
      record.add({ who: "person:1", act: "MESSAGE_SENT" });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow();
    expect(lastLine().act).toBe("MESSAGE_LISTED");
    expect(await record.check()).toMatchObject({ whole: true, to: 3 });
  });

  it("lines asked for together share one commit and stand in their order", async () => {
    const all = Array.from({ length: 500 }, (_, i) =>
      record.note({ who: `person:${i}`, act: "MESSAGE_READ", object: `m${i}` }),
    );
    await all[0];
    expect(record.list({ limit: 500 })).toHaveLength(500);
    expect(record.head().position).toBe(503);
    await Promise.all(all);
    expect(record.list({ limit: 500 }).map(({ object }) => object).toReversed()).toEqual(
      Array.from({ length: 500 }, (_, i) => `m${i}`),
    ); // prettier-ignore
    expect((await record.check()).whole).toBe(true);
  });

  it("words that are no id or code are not written", async () => {
    await record.note({
      who: "a b\n",
      act: "REFUSED",
      object: "\u202eevil",
      outcome: "x".repeat(200),
    });
    expect(lastLine()).toMatchObject({ who: "?", object: "?", outcome: "?" });
  });

  it.each([
    "UPDATE audit SET who = 'x' WHERE position = 2",
    "DELETE FROM audit WHERE position = 3",
    "DELETE FROM audit",
  ])("the store itself refuses: %s", (sql) => {
    record.stop();
    office.store.close();
    const file = openSqlite(join(office.dir, "store.db"));
    expect(() => file.exec(sql)).toThrow(/audit record/);
    file.close();
  });
});

describe("somebody with the disk in his hands", () => {
  it.each([
    ["changes who", "UPDATE audit SET who = 'person:2' WHERE position = 2", 2, "CHANGED"],
    ["changes a time", "UPDATE audit SET at = at + 1 WHERE position = 2", 2, "CHANGED"],
    ["changes a count", "UPDATE audit SET count = 1 WHERE position = 3", 3, "CHANGED"],
    ["takes a line out", "DELETE FROM audit WHERE position = 2", 3, "MISSING"],
    ["takes the first away", "DELETE FROM audit WHERE position = 1", 2, "MISSING"],
    ["takes all away", "DELETE FROM audit", 1, "END_CUT"],
    ["changes a signed word", "UPDATE audit_anchor SET hash = zeroblob(32)", 1, "ANCHOR"],
    ["says that all was cut", "UPDATE audit_anchor SET cut_position = 1; DELETE FROM audit WHERE position = 1", 2, "MISSING"],
  ])("who %s is found", async (...[, sql, position, why]) => {
    expect(await tamper(sql)).toMatchObject({ whole: false, fault: { position, why } });
  }); // prettier-ignore

  it("who cuts the end back past a signed word is found", async () => {
    await record.anchor();
    const sql = "DELETE FROM audit WHERE position = 3";
    expect(await tamper(sql)).toMatchObject({ fault: { position: 3, why: "END_CUT" } });
  });

  it("who signs with another key is found", async () => {
    const other = makeOffice(world, "gh/tcu");
    await office.store.write(() =>
      office.store.audit.addAnchor({
        ...office.store.audit.anchors(1)[0]!,
        signature: other.signer.sign("atumpan-audit", office.store.audit.anchors(1)[0]!.statement),
      }),
    );
    other.close();
    expect(await record.check()).toMatchObject({ whole: true, proven: false });
  });
});

describe("the clock", () => {
  it("that goes back leaves a line, and the record is whole", async () => {
    office.clock.move(-3_600_000);
    await record.note({ who: "person:1", act: "MESSAGE_READ", object: "m2" });
    const [read, back] = record.list({ limit: 2 });
    expect([back!.act, read!.act]).toEqual(["CLOCK_BACK", "MESSAGE_READ"]);
    expect(read!.at).toBe(now - 3_600_000);
    expect((await record.check()).whole).toBe(true);
  });

  it("that is set back by a little gives a line the time of the one before", async () => {
    office.clock.move(-1_000);
    await record.note({ who: "person:1", act: "MESSAGE_READ" });
    expect(lastLine()).toMatchObject({ act: "MESSAGE_READ", at: now });
  });

  it("a time that goes back without a word is found", async () => {
    const { hashLine } = await import("./line.ts");
    const { hash: previous } = lastLine();
    const line = { ...lastLine(), position: 4, at: now - 1, previous };
    await office.store.write(() => office.store.audit.add({ ...line, hash: hashLine(line) }));
    expect(await record.check()).toMatchObject({ fault: { position: 4, why: "CLOCK" } });
  });
});

describe("signed words", () => {
  it("are given once a day, and after a thousand lines", async () => {
    office.clock.move(dayMs);
    await office.store.write(() => undefined);
    expect(record.head().anchor).toMatchObject({ position: 3 });
    const many = Array.from({ length: 1_000 }, () => record.note({ who: "m", act: "TOKEN_GIVEN" }));
    await Promise.all(many);
    office.clock.move(60_000);
    await office.store.write(() => undefined);
    expect(record.head().anchor).toMatchObject({ position: 1_003 });
    expect(await record.check()).toMatchObject({ whole: true, proven: true });
  });

  it("what is too old goes from the front, and the rest is whole and says where it begins", async () => {
    record.stop();
    record = openAuditRecord({ ...office, keepMs: 30 * dayMs });
    await office.store.write(() => undefined);
    office.clock.move(29 * dayMs);
    await record.note({ who: "person:1", act: "MESSAGE_READ", object: "young" });
    office.clock.move(2 * dayMs);
    await record.anchor();
    const check = await record.check();
    expect(check).toMatchObject({ whole: true, from: 5 });
    expect(record.list({ limit: 9 }).map(({ act }) => act)).toEqual(["RECORD_CUT", "MESSAGE_READ"]);
    await record.anchor();
    expect(await record.check()).toMatchObject({ whole: true, from: 5 });
  });
});

describe("unusual reading", () => {
  const read = (times: number): Promise<void[]> =>
    Promise.all(
      Array.from({ length: times }, () => record.note({ who: "person:9", act: "MESSAGE_READ" })),
    );

  it("far more than a caller usually reads leaves one line an hour, and a notice for a day", async () => {
    await read(60);
    expect(record.unusual()).toEqual([]);
    await read(40);
    expect(record.unusual()).toMatchObject([{ who: "person:9", count: 61, usual: 0 }]);
    expect(record.list({ act: "READS_UNUSUAL", limit: 9 })).toHaveLength(1);
    office.clock.move(25 * 3_600_000);
    expect(record.unusual()).toEqual([]);
  });

  it("who reads much every hour is not unusual", async () => {
    for (let hour = 0; hour < 3; hour += 1) {
      await read(59);
      office.clock.move(3_600_000);
    }
    await read(200);
    expect(record.unusual()).toEqual([]);
    await read(96);
    expect(record.unusual()).toHaveLength(1);
  });
});
