import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { parseSlip } from "../../schemas/index.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  type MadeOffice,
  makeOffice,
  request,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import type { Exchange, MessageSummary } from "./exchange.ts";
import { makeExchange } from "./make-exchange.ts";
import { makeWatchers } from "./watchers.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;
let office: MadeOffice;
let exchange: Exchange;
let woken: number;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], { now });
});

function open(agency: string): void {
  office = makeOffice(world, agency);
  const watchers = makeWatchers(office.store, office.log);
  Object.assign(office, { changed: (seqs: readonly number[]) => watchers.tell(seqs) });
  woken = 0;
  exchange = makeExchange(office, {
    watchers,
    wake: () => void (woken += 1),
    link: () => ({ isUp: false }),
  });
}

beforeEach(() => open("ng/tcu"));
afterEach(() => office.close());

describe("submit", () => {
  it("the same key and content have one answer, in turn and at once, in any order of members", async () => {
    const [one, two] = await Promise.all([
      exchange.submit(alert, "k"),
      exchange.submit(alert, "k"),
    ]);
    const turned = Object.fromEntries(Object.entries(alert).toReversed());
    const three = await exchange.submit(turned, "k");
    expect(new Set([one.id, two.id, three.id]).size).toBe(1);
    expect([one, two, three].filter(({ created }) => created)).toHaveLength(1);
    expect(exchange.status().waiting).toBe(1);
    expect(woken).toBe(1);
  });

  it("the same key with other content is refused, and so is a key that is none", async () => {
    await exchange.submit(alert, "k");
    await expect(exchange.submit({ ...alert, handling: "H1" }, "k")).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    await expect(exchange.submit(alert, "")).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_MISSING",
    });
    await expect(exchange.submit(alert, "k".repeat(201))).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_MISSING",
    });
  });

  it("what is refused leaves nothing behind", async () => {
    await expect(exchange.submit({ ...alert, recs: ["sadc"] }, "k")).rejects.toMatchObject({
      code: "MANDATE_MISSING",
    });
    expect(exchange.list({ box: "out", limit: 10 }).items).toEqual([]);
    expect((await exchange.submit(alert, "k")).created).toBe(true);
  });

  it("submitted at once, the slips of a channel still follow each other without gap or fork", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => exchange.submit(bulletin, `k${i}`)));
    const slips = office.store.outbox.waiting(100).map((seq) => office.store.outbox.get(seq)!);
    const parsed = slips.map(({ slip }) => ({ ...parseSlip(slip), own: sha256(slip) }));
    expect(parsed.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    for (const [i, { previous }] of parsed.entries()) {
      expect(Buffer.from(previous ?? []).equals(parsed[i - 1]?.own ?? Buffer.alloc(0))).toBe(true);
    }
    expect(parsed[0]?.series).toBe(now / 1000);
  });

  it("the most urgent waits first", async () => {
    await exchange.submit(bulletin, "a");
    const inner = { urgencyReason: { text: "it moves", lang: "en" } };
    await exchange.submit({ ...bulletin, urgency: "FLASH", inner }, "b");
    expect(office.store.outbox.waiting(10)).toEqual([2, 1]);
  });

  it("under a register past its last use nothing is sent", async () => {
    office.clock.move(34 * 86_400_000);
    await expect(exchange.submit(alert, "k")).rejects.toMatchObject({ code: "REGISTER_STALE" });
  });
});

describe("validate", () => {
  it("says who would read it and how large it is, and stores nothing", async () => {
    const validation = await exchange.validate(alert);
    expect(validation).toMatchObject({ valid: true, problems: [], audience: ["gh/tcu"] });
    expect(validation.bytes).toBeGreaterThan(1000);
    expect(exchange.list({ box: "out", limit: 10 }).items).toEqual([]);
  });

  it("says what is wrong, and where", async () => {
    const validation = await exchange.validate({ ...alert, crimes: [] });
    expect(validation).toMatchObject({ valid: false, bytes: 0, audience: [] });
    expect(validation.problems).toMatchObject([{ path: "/crimes", code: "SCHEMA_FIELD_ITEMS" }]);
  });
});

describe("list and find", () => {
  it("pages follow each other to the end, newest first", async () => {
    const ids = [];
    for (const key of ["a", "b", "c"]) ids.push((await exchange.submit(alert, key)).id);
    const first = exchange.list({ box: "out", limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const second = exchange.list({ box: "out", limit: 2, cursor: first.next ?? "" });
    expect(second).toMatchObject({ items: [{ id: ids[0] }] });
    expect(second.next).toBeUndefined();
  });

  it.each(["", "x", "LTE", "****"])("the cursor %j is refused", (cursor) => {
    expect(() => exchange.list({ box: "out", limit: 2, cursor })).toThrow(
      expect.objectContaining({ code: "REQUEST_INVALID" }),
    );
  });

  it.each([0, 201, 1.5])("a page of %d is refused", (limit) => {
    expect(() => exchange.list({ box: "out", limit })).toThrow(
      expect.objectContaining({ code: "REQUEST_INVALID" }),
    );
  });

  it("a message of ours shows its content although we cannot open its seal", async () => {
    const { id } = await exchange.submit(alert, "a");
    expect(exchange.find(id)).toMatchObject({
      id,
      box: "out",
      state: "QUEUED",
      form: "SEALED",
      audience: ["gh/tcu"],
      ladder: [],
      body: { caseRef: "A-1", narrative: { text: "Two hundred kilos found" } },
    });
    expect(exchange.find("01a1fd44-46ed-7082-82e9-89d0e8482583")).toBeUndefined();
    expect(exchange.find("../etc")).toBeUndefined();
  });

  it("a direct message shows its type, crimes and recipients to its sender", async () => {
    office.close();
    open("ng/fiu");
    const { id } = await exchange.submit(request, "a");
    expect(exchange.find(id)).toMatchObject({
      type: "fiu.request",
      crimes: ["ml"],
      recipients: ["gh/fiu"],
      recs: [],
    });
  });
});

describe("watch", () => {
  it("tells of what was stored, until stopped, and a watcher that fails does not disturb", async () => {
    const seen: MessageSummary[] = [];
    exchange.watch(() => {
      throw new Error("a bad watcher");
    });
    const stop = exchange.watch((message) => void seen.push(message));
    const { id } = await exchange.submit(alert, "a");
    stop();
    await exchange.submit(alert, "b");
    expect(seen.map((message) => message.id)).toEqual([id]);
  });
});
