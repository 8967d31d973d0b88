import { createHash } from "node:crypto";

import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeExportDesk } from "../exports/index.ts";
import { makeOnwardDesk } from "../onward/index.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let open: string;
let strict: string;
let limited: string;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const duties = { watchers, wake: () => undefined, link: () => undefined };
      const exchange = makeExchange(reader, duties);
      const onward = makeOnwardDesk(reader);
      const isKnown = (name: string): boolean => reader.register().agency(name) !== undefined;
      return { onward, exports: makeExportDesk({ ...reader, exchange, onward, isKnown }) };
    },
  });
  const { callers } = world;
  callers.set("ama", makeCaller("ama", { roles: new Set(["analyst", "approver"]), provedAt: now }));
  callers.set("kofi", makeCaller("kofi", { roles: new Set(["approver"]), provedAt: now }));
  callers.set("yaw", makeCaller("yaw", { roles: new Set(["officer"]) }));
  open = await world.receive(bulletin);
  strict = await world.receive({ ...alert, handling: "H2" });
  limited = await world.receive({ ...alert, handling: "H1", inner: { purposes: ["FORENSIC"] } });
});
afterAll(() => world.close());

const own = { agency: "gh/tcu" };
const court = { country: "GH", body: "High Court, Accra" };
const purpose = { "atumpan-purpose": "INVESTIGATION" };

function send(path: string, as: string, body: unknown): Promise<AuditAnswer> {
  const headers = { "content-type": "application/json", ...purpose };
  return world.ask(path, as, { method: "POST", body: JSON.stringify(body), headers });
}
const read = (id: unknown, as = "ama"): Promise<AuditAnswer> =>
  world.ask(`/v1/exports/${String(id)}/content`, as, { headers: purpose });
const ask = (more: object, as = "ama"): Promise<AuditAnswer> =>
  send("/v1/exports", as, { format: "csv", fields: ["id", "type", "handling"], to: own, ...more });

function rowsOf({ text }: AuditAnswer): Record<string, string>[] {
  return parse(text, { bom: true, columns: true });
}

describe("exports", () => {
  it("of what names nobody are ready at once, and hold what was asked", async () => {
    const { status, json } = await ask({ filter: { type: "alert.incident" } });
    expect([status, json["state"], json["personal"]]).toEqual([201, "READY", false]);
    const file = await read(json["id"]);
    expect(rowsOf(file)).toEqual([
      { id: limited, type: "alert.incident", handling: "H1" },
      { id: strict, type: "alert.incident", handling: "H2" },
    ]);
    const [line] = world.audit.list({ who: "person:ama", limit: 1 });
    expect(line).toMatchObject({
      act: "EXPORT_READ",
      object: json["id"],
      purpose: "INVESTIGATION",
      count: 2,
    });
  });

  it("with content wait for another person, who is not the one who asked", async () => {
    const { status, json } = await ask({ format: "ndjson", fields: ["id", "body"] });
    const { id } = json;
    expect([status, json["state"]]).toEqual([202, "WAITING"]);
    expect((await read(id)).json["code"]).toBe("EXPORT_NOT_READY");
    expect(
      (await send(`/v1/exports/${String(id)}/decision`, "ama", { agrees: true })).json["code"],
    ).toBe("SECOND_PERSON_NEEDED");
    expect(
      (await send(`/v1/exports/${String(id)}/decision`, "yaw", { agrees: true })).json["code"],
    ).toBe("ROLE_MISSING");
    const agreed = await send(`/v1/exports/${String(id)}/decision`, "kofi", { agrees: true });
    expect(agreed.json).toMatchObject({ state: "READY", decidedBy: "person:kofi" });
    const rows = (await read(id)).text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toEqual([
      { id: limited, withheld: "PURPOSE" },
      { id: strict, withheld: "HANDLING" },
      { id: open, body: expect.any(Object) },
    ]);
    expect((await read(id, "kofi")).json["code"]).toBe("ROLE_MISSING");
    expect((await read(id, "yaw")).json["code"]).toBe("NOT_FOUND");
  });

  it("who approves proves again that he is there", async () => {
    const { json } = await ask({ fields: ["body"] });
    world.callers.set(
      "late",
      makeCaller("late", { roles: new Set(["approver"]), provedAt: now - 3_600_000 }),
    );
    const word = await send(`/v1/exports/${String(json["id"])}/decision`, "late", { agrees: true });
    expect(word.json["code"]).toBe("STEP_UP_NEEDED");
  });

  it("that were refused stay refused", async () => {
    const { json } = await ask({ fields: ["body"] });
    const path = `/v1/exports/${String(json["id"])}/decision`;
    expect((await send(path, "kofi", { agrees: false })).json["state"]).toBe("REFUSED");
    expect((await send(path, "kofi", { agrees: true })).json["code"]).toBe("EXPORT_NOT_READY");
    expect((await read(json["id"])).json["code"]).toBe("EXPORT_NOT_READY");
  });

  it("leave out what may not be seen any more when they are read", async () => {
    const { json } = await ask({});
    world.callers.set(
      "ama",
      makeCaller("ama", { roles: new Set(["analyst"]), handlingUpTo: "H0" }),
    );
    const rows = rowsOf(await read(json["id"]));
    world.callers.set(
      "ama",
      makeCaller("ama", { roles: new Set(["analyst", "approver"]), provedAt: now }),
    );
    expect(rows.map(({ id }) => id)).toEqual([open]);
  });

  it("are for an agency of the register, or say the state and name of a body outside", async () => {
    expect((await ask({ to: { agency: "zz/none" } })).json["code"]).toBe("AGENCY_UNKNOWN");
    expect((await ask({ to: court })).json["to"]).toEqual(court);
  });

  it("end", async () => {
    const { json } = await ask({});
    world.reader.clock.move(25 * 3_600_000);
    const gone = await read(json["id"]);
    world.reader.clock.move(-25 * 3_600_000);
    expect(gone.json["code"]).toBe("NOT_FOUND");
  });

  it.each([
    { format: "xlsx" },
    { fields: [] },
    { fields: ["raw"] },
    { filter: { cursor: "MQ" } },
    { filter: { type: "=1" } },
    { more: 1 },
    { to: undefined },
    { to: {} },
    { to: { country: "GH" } },
    { to: { ...own, ...court } },
    { crime: "none-such" },
  ])("%j is refused", async (change) => {
    expect((await ask(change)).json["code"]).toBe("REQUEST_INVALID");
  });

  it("need a purpose", async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ format: "csv", fields: ["id"], to: own });
    expect(
      (await world.ask("/v1/exports", "ama", { method: "POST", body, headers })).json["code"],
    ).toBe("PURPOSE_MISSING");
  });
});

/** Uses of one message as its followers see them. */
async function usesOf(id: string): Promise<readonly Record<string, unknown>[]> {
  const { json } = await world.ask(`/v1/messages/${id}/uses`, "yaw", { headers: purpose });
  return json["items"] as readonly Record<string, unknown>[];
}

const usesWrittenDown = (): number => world.reader.store.onward.list({ limit: 1_000 }).length;

describe("exports that leave the agency", () => {
  it("hold what needs nobody's consent, count the rest by its reason, and write each use down once", async () => {
    const { json } = await ask({ to: court, crime: "drugs" });
    const before = usesWrittenDown();
    const [first, second] = [await read(json["id"]), await read(json["id"])];
    expect(rowsOf(first)).toEqual([{ id: open, type: "bulletin.red_flag", handling: "H0" }]);
    expect(second.text).toBe(first.text);
    expect(usesWrittenDown()).toBe(before + 1);
    const [use] = await usesOf(open);
    expect(use).toMatchObject({ kind: "EXPORT", to: court, purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", carrier: json["id"], by: "person:ama" });
    const stands = (await world.ask(`/v1/exports/${String(json["id"])}`, "ama")).json;
    const digest = createHash("sha256").update(`\ufeff${first.text}`).digest("hex");
    expect(stands["given"]).toEqual({ rows: 1, withheld: { CONSENT: 2 }, digest });
    expect(world.audit.list({ who: "person:ama", act: "EXPORT_READ", limit: 1 })[0]).toMatchObject({ count: 1, digest });
  });

  it("hold nothing of what others control, though its content would stay out", async () => {
    const { json } = await ask({ to: court, filter: { type: "alert.incident" } });
    const before = usesWrittenDown();
    expect(rowsOf(await read(json["id"]))).toEqual([]);
    expect(usesWrittenDown()).toBe(before);
  });

  it("to whom the owner gave it himself go without his word, and say so", async () => {
    const { json } = await ask({ to: { agency: "ci/tcu" } });
    expect(rowsOf(await read(json["id"])).map(({ id }) => id)).toEqual([limited, strict, open]);
    expect(await usesOf(strict)).toMatchObject([{ kind: "EXPORT", to: { agency: "ci/tcu" }, ground: "HELD_ALREADY" }]);
  });

  it("and those that stay here leave no use", async () => {
    const before = usesWrittenDown();
    const { json } = await ask({});
    expect(rowsOf(await read(json["id"]))).toHaveLength(3);
    expect(usesWrittenDown()).toBe(before);
  });
}); // prettier-ignore
