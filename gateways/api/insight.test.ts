import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeReleaseDesk } from "../approval/index.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeInsightDesk } from "../insight/index.ts";
import { parseUuid, renderHex, silentLog } from "../../schemas/ground/index.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let strict: string;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
      const releases = makeReleaseDesk({ office: reader, exchange, note: () => undefined });
      return { releases, insight: makeInsightDesk({ store: reader.store, register: () => reader.register() }) };
    },
  });
  const { callers } = world;
  callers.set("ama", makeCaller("ama"));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  for (const role of ["analyst", "administrator", "auditor"] as const)
    callers.set(role, makeCaller(role, { roles: new Set([role]) }));
  for (let sent = 0; sent < 6; sent += 1) await world.receive(bulletin);
  strict = await world.receive({ ...alert, crimes: ["arms"], handling: "H2" });
}); // prettier-ignore
afterAll(() => world.close());

const ask = (
  path: string,
  as: string,
  headers: Record<string, string> = {},
): Promise<AuditAnswer> => world.ask(path, as, { headers });
const send = (...[path, as, body, headers = {}]: readonly [path: string, as: string, body: unknown, headers?: Record<string, string>]): Promise<AuditAnswer> =>
  world.ask(path, as, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) }); // prettier-ignore
const code = async (asked: Promise<AuditAnswer>): Promise<unknown> => (await asked).json["code"];

interface Row {
  readonly of: Record<string, string>;
  readonly count?: number;
}

async function rows(search: string, as = "analyst"): Promise<readonly Row[]> {
  const { status, json } = await ask(`/v1/trends?${search}`, as);
  expect(status).toBe(200);
  return json["rows"] as Row[];
}

describe("GET /v1/trends", () => {
  it("counts what the caller may see, and nothing above his ceiling", async () => {
    const sum = (all: readonly Row[]): number => all.reduce((n, { count = 0 }) => n + count, 0);
    expect(sum(await rows("by=from"))).toBe(7);
    world.callers.set("analyst", makeCaller("analyst", { roles: new Set(["analyst"]), handlingUpTo: "H1" }));
    expect(sum(await rows("by=from"))).toBe(6);
    expect((await ask("/v1/trends?by=crime,type", "analyst")).text).not.toContain("arms");
    world.callers.set("analyst", makeCaller("analyst", { roles: new Set(["analyst"]) }));
  }); // prettier-ignore

  it("a message about two crimes, or to two communities, is one of each", async () => {
    const all = await rows("by=crime");
    for (const crime of bulletin.crimes) expect(all.find(({ of }) => of["crime"] === crime)?.count).toBeGreaterThanOrEqual(6);
  }); // prettier-ignore

  it("names the Monday a week begins with", async () => {
    const [{ of } = { of: {} }] = await rows("by=week");
    const monday = new Date(`${of["week"]}T00:00:00Z`);
    expect(monday.getUTCDay()).toBe(1);
    expect(now - monday.getTime()).toBeLessThan(7 * 86_400_000);
    expect(now - monday.getTime()).toBeGreaterThanOrEqual(0);
  });

  it("withholds small figures where that is asked, and in a file always", async () => {
    expect((await rows("by=crime&smallest=5")).find(({ of }) => of["crime"] === "arms")).not.toHaveProperty("count");
    const file = await ask("/v1/trends?by=crime", "analyst", { accept: "text/csv" });
    expect(file.headers.get("content-type")).toContain("text/csv");
    expect(file.text).toContain('"arms","withheld"');
    expect(file.text).not.toMatch(/"[1-4]"/);
  }); // prettier-ignore

  it("exercises are counted apart", async () => {
    expect(await rows("by=from&exercise=true")).toEqual([]);
    await world.receive({ ...bulletin, status: "EXERCISE" });
    expect((await rows("by=from&exercise=true"))[0]?.count).toBe(1);
    expect((await rows("by=from"))[0]?.count).toBe(7);
  });

  it.each(["by=colour", "by=week,week", "from=2026-01-01&until=2025-01-01", "from=2020-01-01&until=2026-01-01", "from=yesterday", "smallest=1", "by="])("%s is refused", async (search) => {
    expect(await code(ask(`/v1/trends?${search}`, "analyst"))).toBe("REQUEST_INVALID");
  }); // prettier-ignore

  it("is one line of the record, and nothing for who has no part in it", async () => {
    await rows("by=week");
    expect(world.audit.list({ limit: 1 })[0]).toMatchObject({ who: "person:analyst", act: "TRENDS_READ" });
    for (const who of ["administrator", "auditor"]) expect(await code(ask("/v1/trends", who))).toBe("ROLE_MISSING");
  }); // prettier-ignore
});

describe("what the register says", () => {
  it("of an agency: its lines, those of its state, and whom that admits", async () => {
    const { json } = await ask("/v1/register/rules?agency=ng/tcu", "ama");
    expect(json).toMatchObject({ agency: "ng/tcu", authority: "ng", kind: "TCU", memberOf: [{ rec: "ecowas", standing: "member" }] });
    for (const part of ["mandates", "nominations"]) {
      const lines = json[part] as Record<string, unknown>[];
      expect(lines.map(({ action }) => action)).toEqual(expect.arrayContaining(["PUBLISH", "READ"]));
      expect(lines.every(({ inForce }) => inForce === true)).toBe(true);
    }
    expect(json["release"]).not.toEqual([]);
  }); // prettier-ignore

  it("of an agency that it does not name, and of no name, nothing", async () => {
    expect(await code(ask("/v1/register/rules?agency=ng/nobody", "ama"))).toBe("NOT_FOUND");
    for (const path of ["/v1/register/rules", "/v1/register/rules?agency=x", "/v1/register/rules?agency=ng/tcu&more=1"])
      expect(await code(ask(path, "ama"))).toBe("REQUEST_INVALID");
  }); // prettier-ignore

  it("certificates of our own state that end within some days, and none of another's", async () => {
    const near = await ask("/v1/register/ends?days=1", "administrator");
    const far = await ask("/v1/register/ends?days=999", "administrator");
    expect(near.json["items"]).toEqual([]);
    const items = far.json["items"] as Record<string, unknown>[];
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ agency }) => agency))).toEqual(new Set(["gh/tcu"]));
    expect(items.map(({ daysLeft }) => daysLeft)).toEqual(items.map(({ daysLeft }) => daysLeft).toSorted((a, b) => Number(a) - Number(b)));
    expect(await code(ask("/v1/register/ends?days=0", "administrator"))).toBe("REQUEST_INVALID");
    expect(await code(ask("/v1/register/ends", "ama"))).toBe("ROLE_MISSING");
  }); // prettier-ignore

  it("what would end with an agency: what it has not had yet, where it speaks and reads", async () => {
    const path = "/v1/register/impact?agency=ng/tcu";
    const ours = async (): Promise<unknown> => ((await ask(path, "administrator")).json["ours"] as Record<string, unknown>)["waiting"];
    const before = await ours();
    const digest = renderHex(world.reader.store.messages.find(parseUuid(strict))?.digest ?? new Uint8Array());
    await world.exchange.submit({ ...bulletin }, "for-impact");
    expect(await ours()).toBe(Number(before) + 1);
    const { json, text } = await ask(path, "administrator");
    expect(json).toMatchObject({ agency: "ng/tcu", publishes: expect.arrayContaining(["ecowas"]), reads: expect.arrayContaining(["ecowas"]) });
    expect(text).not.toContain(digest);
    expect(await code(ask(path, "ama"))).toBe("ROLE_MISSING");
  }); // prettier-ignore
});

describe("POST /v1/log:challenge", () => {
  it("says where something stands, and nothing of what it is", async () => {
    const stored = world.reader.store.messages.find(parseUuid(strict))!;
    const digest = renderHex(stored.digest);
    expect((await send("/v1/log:challenge", "auditor", { digest })).json).toEqual({ found: false, entries: [] });
    const { id, originator } = stored;
    const placed = { box: "in", originator, id, digest: stored.digest, channel: "c", salt: new Uint8Array(16), stream: "FEED_ECOWAS", instance: "i", sequence: 1, after: now, before: now } as const;
    await world.reader.store.write(() => world.reader.store.logProofs.place(placed, now));
    const { json, text } = await send("/v1/log:challenge", "auditor", { digest });
    expect(json).toEqual({ found: true, entries: [{ as: "MESSAGE", state: "PENDING" }] });
    expect(text).not.toContain("ng/tcu");
    expect(world.audit.list({ limit: 1 })[0]).toMatchObject({ act: "LOG_CHALLENGED", object: digest, count: 1 });
  }); // prettier-ignore

  it.each([{}, { digest: "ab" }, { digest: "g".repeat(64) }, { digest: "a".repeat(64), id: "x" }])("%j is refused", async (body) => {
    expect(await code(send("/v1/log:challenge", "auditor", body))).toBe("REQUEST_INVALID");
  }); // prettier-ignore

  it("is for who oversees alone", async () => {
    for (const who of ["ama", "analyst", "administrator"])
      expect(await code(send("/v1/log:challenge", who, { digest: "a".repeat(64) }))).toBe("ROLE_MISSING");
  }); // prettier-ignore
});

describe("GET /v1/templates", () => {
  it("names what the register lets this agency write, where, and how strict at most; and nothing else", async () => {
    const { json } = await ask("/v1/templates", "ama", { "accept-language": "fr" });
    const items = json["items"] as { type: string; label: string; scopes: { scope: string; crimes: string[]; handlingUpTo: string }[] }[];
    const incident = items.find(({ type }) => type === "alert.incident");
    expect(incident?.label).not.toBe("alert.incident");
    expect(incident?.scopes.find(({ scope }) => scope === "ecowas")).toMatchObject({ handlingUpTo: "H2", crimes: expect.arrayContaining(["drugs"]) });
    for (const { type, scopes } of items) {
      for (const { scope, crimes, handlingUpTo } of scopes) {
        const asked = { action: "PUBLISH", agency: "gh/tcu", originator: "gh/tcu", scope, type, crime: crimes[0] ?? "" } as const;
        expect(world.exchange.decision({ ...asked, handling: "H0" }).allow).toBe(true);
        expect(crimes.some((crime) => world.exchange.decision({ ...asked, crime, handling: handlingUpTo }).allow)).toBe(true);
      }
    }
    expect(items.map(({ type }) => type)).not.toContain("fiu.report");
    expect(await code(ask("/v1/templates", "analyst"))).toBe("ROLE_MISSING");
  }); // prettier-ignore
});

describe("POST /v1/messages:preview", () => {
  const count = (): number => world.reader.store.messages.list({ box: "out", limit: 200 }).length;

  it("shows a message as its readers would have it, in any language, and keeps nothing", async () => {
    const before = count();
    const { status, json } = await send("/v1/messages:preview", "ama", alert);
    expect(status).toBe(200);
    expect(json).toMatchObject({ audience: expect.arrayContaining(["ng/tcu"]), message: { type: alert.type, originator: "gh/tcu" } });
    const shown = new Map<string, string>();
    for (const lang of ["en", "ar", "sw"]) {
      const { text, headers } = await send("/v1/messages:preview", "ama", alert, { accept: `text/plain;lang=${lang}` });
      expect(headers.get("content-language")).toBe(lang);
      shown.set(lang, text);
    }
    expect(new Set(shown.values()).size).toBe(3);
    expect(count()).toBe(before);
  }); // prettier-ignore

  it("of what could not be sent says why", async () => {
    const { status, json } = await send("/v1/messages:preview", "ama", { ...alert, body: {} });
    expect([status, json["code"]]).toEqual([422, "SCHEMA_INVALID"]);
    expect(json["errors"]).not.toEqual([]);
    expect(await code(send("/v1/messages:preview", "low", { ...alert, handling: "H2" }))).toBe(
      "CEILING_EXCEEDED",
    );
    expect(await code(send("/v1/messages:preview", "analyst", alert))).toBe("ROLE_MISSING");
  });
});
