import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeExportDesk } from "../exports/index.ts";
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
      const { store, clock, chance } = reader;
      return { exports: makeExportDesk({ store, exchange, clock, chance }) };
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

const purpose = { "atumpan-purpose": "INVESTIGATION" };

function send(path: string, as: string, body: unknown): Promise<AuditAnswer> {
  const headers = { "content-type": "application/json", ...purpose };
  return world.ask(path, as, { method: "POST", body: JSON.stringify(body), headers });
}
const read = (id: unknown, as = "ama"): Promise<AuditAnswer> =>
  world.ask(`/v1/exports/${String(id)}/content`, as, { headers: purpose });
const ask = (more: object, as = "ama"): Promise<AuditAnswer> =>
  send("/v1/exports", as, { format: "csv", fields: ["id", "type", "handling"], ...more });

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
  ])("%j is refused", async (change) => {
    expect((await ask(change)).json["code"]).toBe("REQUEST_INVALID");
  });

  it("need a purpose", async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ format: "csv", fields: ["id"] });
    expect(
      (await world.ask("/v1/exports", "ama", { method: "POST", body, headers })).json["code"],
    ).toBe("PURPOSE_MISSING");
  });
});
