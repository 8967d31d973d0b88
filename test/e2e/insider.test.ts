import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Api, makeDirectory, startApi } from "../../gateways/api/index.ts";
import type { Caller, Role } from "../../gateways/people/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const sender = "ng/tcu";
const reader = "gh/tcu";
const callerHeader = "x-caller";

/** The people of gh/tcu. The one who runs its machines holds no other role. */
const people: Readonly<Record<string, readonly Role[]>> = {
  admin: ["administrator"],
  officer: ["officer"],
  second: ["officer", "administrator"],
  auditor: ["auditor"],
};

let world: World;
let api: Api;
let services: OpenServices;
const ids: string[] = [];

function callerOf(name: string): Caller | undefined {
  const roles = people[name];
  if (roles === undefined) return undefined;
  return { id: `person:${name}`, kind: "person", name, roles: new Set(roles), handlingUpTo: "H2" };
}

async function startReader(): Promise<void> {
  const gateway = await world.gateway(reader);
  const ground = { clock: world.clock, chance: systemChance, log: silentLog };
  const dir = world.layout.gateway(reader);
  services = makeServices({ gateway, dir, ...ground });
  api = await startApi({
    services: services.services,
    callers: { who: (request) => Promise.resolve(callerOf(request.headers.get(callerHeader) ?? "")) },
    exchange: gateway.exchange,
    directory: makeDirectory(() => gateway.register(), world.clock),
    dir, host: "127.0.0.1", port: 0, ...ground,
  });
} // prettier-ignore

async function send(key: string, inner: object = {}): Promise<string> {
  const { body, inner: usual, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  const alert = {
    type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", status: "EXERCISE",
    inner: { ...(shiftInstants(usual, by) as object), ...inner },
    body: shiftInstants(body, by),
  }; // prettier-ignore
  const { id } = await (await world.gateway(sender)).exchange.submit(alert, key);
  return id;
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  await startReader();
  for (const key of ["one", "two", "three"]) ids.push(await send(key));
  const held = (await world.gateway(reader)).exchange;
  await until("the alerts came", () => ids.every((id) => held.find(id)?.state === "VERIFIED"));
});

afterAll(async () => {
  await api?.stop();
  await services?.stop();
  await world?.stop();
});

interface Asked {
  readonly status: number;
  readonly code: unknown;
  readonly text: string;
}

async function ask(as: string, path: string, init: RequestInit = {}): Promise<Asked> {
  const headers = new Headers(init.headers);
  headers.set(callerHeader, as);
  headers.set("content-type", "application/json");
  const response = await fetch(`${api.url}${path}`, { ...init, headers });
  const text = await response.text();
  const code = text.startsWith("{") ? (JSON.parse(text) as { code?: unknown }).code : undefined;
  return { status: response.status, code, text };
}

const forWhat = { headers: { "atumpan-purpose": "INVESTIGATION" } };

async function openings(id: string): Promise<readonly (number | undefined)[]> {
  const { ladder = [] } = (await world.gateway(sender)).exchange.find(id) ?? {};
  return ladder.flatMap(({ kind, by, reader: n }) =>
    kind === "OPENED" && by === reader ? [n] : [],
  );
}

describe("T-6 a single administrator, bribed or compelled,", () => {
  it("reads no content, in whatever form, with a purpose or without", async () => {
    for (const path of ["", "/copies/court", "/copies/regional", "/translation-check"]) {
      for (const init of [{}, forWhat]) {
        const { status, text } = await ask("admin", `/v1/messages/${ids[0]}${path}`, init);
        expect([403, 404]).toContain(status === 400 ? 403 : status);
        expect(text).not.toContain("narrative");
      }
    }
    const list = await ask("admin", "/v1/messages?limit=200");
    expect(list.text).not.toContain(ids[0]);
  });

  it("adds no recipient: he sends nothing, and what was sent has no route that changes it", async () => {
    const body = JSON.stringify({ type: "alert.incident", recipients: ["ng/fiu"] });
    const init = { method: "POST", body, headers: { "idempotency-key": "add" } };
    expect((await ask("admin", "/v1/messages", init)).code).toBe("ROLE_MISSING");
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      const { status } = await ask("admin", `/v1/messages/${ids[0]}`, { method, body });
      expect([404, 405]).toContain(status);
    }
  });

  it("exports nothing by himself", async () => {
    const body = JSON.stringify({ format: "CSV", filter: { box: "in" } });
    const { status } = await ask("admin", "/v1/exports", { method: "POST", body });
    expect([403, 404]).toContain(status);
  });

  it("neither reads nor takes away the record", async () => {
    expect((await ask("admin", "/v1/audit")).code).toBe("ROLE_MISSING");
    for (const method of ["DELETE", "PUT", "PATCH", "POST"]) {
      for (const path of ["/v1/audit", "/v1/audit/1", "/v1/audit/head"]) {
        expect([404, 405]).toContain((await ask("admin", path, { method })).status);
      }
    }
  });

  it("and each of his tries stands in the record", async () => {
    const { text } = await ask("auditor", "/v1/audit?who=person:admin&limit=1000");
    const { items } = JSON.parse(text) as { items: { act: string; outcome: string }[] };
    const refused = items.filter(({ outcome }) => outcome !== "OK");
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused.map(({ outcome }) => outcome)).toContain("ROLE_MISSING");
  });
});

describe("T-6 whoever may read", () => {
  it("reads nothing without a purpose", async () => {
    const { status, code, text } = await ask("officer", `/v1/messages/${ids[0]}`);
    expect([status, code]).toEqual([400, "PURPOSE_MISSING"]);
    expect(text).not.toContain("narrative");
    expect(await openings(ids[0]!)).toEqual([]);
  });

  it("is seen by the sender within sixty seconds, at each reader's first look", async () => {
    const began = performance.now();
    for (const id of ids)
      expect((await ask("officer", `/v1/messages/${id}`, forWhat)).status).toBe(200);
    expect((await ask("second", `/v1/messages/${ids[1]}/copies/regional`, forWhat)).status).toBe(
      200,
    );
    await until("the openings came", async () => {
      const seen = await Promise.all(ids.map(openings));
      return JSON.stringify(seen) === JSON.stringify([[1], [1, 2], [1]]);
    });
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it("leaves a line for each read, and a clock that is set back leaves one too", async () => {
    world.shift(-3_600_000);
    await ask("officer", `/v1/messages/${ids[2]}`, forWhat);
    world.shift(3_600_000);
    const { text } = await ask("auditor", "/v1/audit?limit=1000");
    const { items } = JSON.parse(text) as { items: { act: string; who: string; object: string }[] };
    const reads = items.filter(
      ({ act, who }) => act === "MESSAGE_READ" && who === "person:officer",
    );
    expect(reads.map(({ object }) => object)).toEqual(expect.arrayContaining(ids));
    expect(items.map(({ act }) => act)).toContain("CLOCK_BACK");
    expect(JSON.parse((await ask("auditor", "/v1/audit/check")).text)).toMatchObject({
      whole: true,
      proven: true,
    });
  });

  it("in great numbers is noticed", async () => {
    const all = Array.from({ length: 70 }, () => ask("second", `/v1/messages/${ids[0]}`, forWhat));
    await Promise.all(all);
    const { text } = await ask("auditor", "/v1/status");
    expect(text).toContain('"who":"person:second"');
    expect((await ask("officer", "/v1/status")).text).not.toContain("unusualReads");
  });
});
