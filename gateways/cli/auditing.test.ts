import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type AuditWorld, auditToken, makeAuditWorld } from "../../test/kit/audit-world.ts";
import { makeClient } from "./client.ts";
import { runAuditHead, runAuditList, runAuditVerify } from "./auditing.ts";
import type { Desk } from "./desk.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let told: { value: Record<string, unknown>; text: string };
/** What the gateway answers, changed on its way. */
let change: (text: string) => string;

function makeAuditDesk(): Desk {
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname, search } = new URL(new Request(input).url);
    const { status, text } = await world.ask(pathname + search, undefined, init);
    return new Response(change(text), { status });
  };
  const signal = new AbortController().signal;
  const options = {
    url: "http://127.0.0.1",
    token: () => auditToken,
    fetch,
    timeoutMs: 60_000,
    signal,
  };
  const client = makeClient({ ...options, clock: world.reader.clock });
  const result: Desk["result"] = (value, text) => {
    told = { value: value as Record<string, unknown>, text };
  };
  return { client: () => client, result } as Desk;
}

beforeAll(async () => {
  world = await makeAuditWorld(now);
  const many = Array.from({ length: 1_500 }, (_, i) =>
    world.audit.note({ who: `person:${i % 7}`, act: "MESSAGE_LISTED", count: i }),
  );
  await Promise.all(many);
  change = (text) => text;
});
afterAll(() => world.close());

describe("atumpan audit", () => {
  it("lists the newest lines, of one caller when asked", async () => {
    expect(await runAuditList(makeAuditDesk(), { who: "person:3", limit: 5 })).toBe(0);
    expect(told.text.split("\n")).toHaveLength(5);
    expect(told.text).toMatch(/person:3 {2}MESSAGE_LISTED/);
  });

  it("verifies a whole record, over more pages than one, with a head written down before", async () => {
    expect(await runAuditHead(makeAuditDesk())).toBe(0);
    const [head = ""] = told.text.split("\n");
    expect(await runAuditVerify(makeAuditDesk(), { head })).toBe(0);
    expect(told.value).toMatchObject({ isGood: true });
  });

  it("a gateway that says all is well of a changed record is not believed", async () => {
    change = (text) => text.replaceAll('"count":700,', '"count":7,');
    expect(await runAuditVerify(makeAuditDesk(), {})).toBe(8);
    expect(told.text).toContain("NOT whole");
    change = (text) => text;
  });

  it("a record that no longer holds a head written down before is not whole", async () => {
    const { position } = world.audit.head();
    const other = "ab".repeat(32);
    expect(await runAuditVerify(makeAuditDesk(), { head: `${position}:${other}` })).toBe(8);
    expect(await runAuditVerify(makeAuditDesk(), { head: `${position + 99}:${other}` })).toBe(8);
  });

  it.each(["", "1", "x:y", `1:${"g".repeat(64)}`, `0:${"a".repeat(64)}`])(
    "%j is no head",
    async (head) => {
      await expect(runAuditVerify(makeAuditDesk(), { head })).rejects.toMatchObject({
        code: "USAGE_INVALID",
      });
    },
  );
});
