import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Api, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { leafHash, parseProof, verifyProof } from "../../certs/log/index.ts";
import { renderLine } from "../../gateways/audit/index.ts";
import type { Caller, Role } from "../../gateways/people/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import {
  commitToAct,
  decodeLogAnswer,
  encodeLogActQuestion,
  encodeLogLeafQuestion,
  outLogSubject,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { sha256, silentLog, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { rawAgency } from "../kit/agency.ts";
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
  inspector: ["inspector"],
  approver: ["approver"],
};

let world: World;
let api: Api;
let services: OpenServices;
const ids: string[] = [];

function callerOf(name: string): Caller | undefined {
  const roles = people[name];
  if (roles === undefined) return undefined;
  const provedAt = name === "approver" ? world.clock.now() : undefined;
  return {
    id: `person:${name}`,
    kind: "person",
    name,
    roles: new Set(roles),
    handlingUpTo: "H2",
    provedAt,
  };
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

describe("an inspector whom two keys let in", () => {
  type Json = Record<string, unknown>;
  const post = async (as: string, path: string, body: object = {}): Promise<Asked> =>
    await ask(as, path, { method: "POST", body: JSON.stringify(body) });
  const show = async (id: string): Promise<Json> =>
    JSON.parse((await ask("inspector", `/v1/inspections/${id}`)).text) as Json;
  const at = (ago: number): string => new Date(world.clock.now() - ago).toISOString();
  let inspection = "";

  it("reads what the hub's log drew for him, and nothing else, until it is closed", async () => {
    const sample = { from: at(7_200_000), to: at(0), box: "in", count: 2, nonce: "5a".repeat(32) };
    const wish = { ground: "SAMPLE", reference: "DPA/2026-1", until: at(-86_400_000), sample };
    inspection = String(
      (JSON.parse((await post("inspector", "/v1/inspections", wish)).text) as Json)["id"],
    );
    expect((await ask("inspector", `/v1/inspections/${inspection}/messages/${ids[0]}`)).code).toBe(
      "INSPECTION_NOT_OPEN",
    );
    expect((await post("admin", "/v1/inspections", wish)).code).toBe("ROLE_MISSING");
    expect((await post("approver", `/v1/inspections/${inspection}/consent`)).status).toBe(200);
    await until("it is drawn", async () => (await show(inspection))["state"] === "OPEN");
    const { items, draw, openedEntry } = await show(inspection);
    const drawn = (items as { id: string }[]).map(({ id }) => id);
    expect(draw).toMatchObject({
      origin: `atumpan/${world.plan.hub}`,
      population: { count: ids.length },
    });
    expect(openedEntry).toMatchObject({ state: "PROVED" });
    expect(drawn).toHaveLength(2);
    const codes: unknown[] = [];
    for (const id of ids) {
      const { status, code, text } = await ask(
        "inspector",
        `/v1/inspections/${inspection}/messages/${id}`,
      );
      codes.push(code ?? status);
      expect(text.includes("narrative")).toBe(status === 200);
    }
    expect(codes).toEqual(ids.map((id) => (drawn.includes(id) ? 200 : "NOT_FOUND")));
    const closing = { findings: [{ code: "NO_FAULT" }] };
    expect((await post("inspector", `/v1/inspections/${inspection}/closing`, closing)).status).toBe(
      200,
    );
    const again = await ask("inspector", `/v1/inspections/${inspection}/messages/${drawn[0]}`);
    expect(again.code).toBe("INSPECTION_NOT_OPEN");
  });

  it("leaves in the hub's log that it was, and when; nobody enters an act in another's name, nor one of the hub", async () => {
    const { logActs } = (await world.gateway(reader)).office.store;
    await until("both are proved", () => logActs.countWaiting() === 0);
    const outside = await rawAgency(world, "gh/fiu");
    const request = async (act: "act" | "prove", question: Uint8Array) =>
      decodeLogAnswer((await outside.link.request(outLogSubject(act), question)).data);
    const leafOf = async (instance: string, sequence: number) => {
      const question = { stream: "JOURNAL", instance, sequence };
      const { leaf } = await request("prove", encodeLogLeafQuestion(question));
      return leaf === undefined ? undefined : parseLogLeaf(leaf);
    };
    const own = logActs
      .list(100)
      .toReversed()
      .filter(({ act }) => act.startsWith("INSPECTION_"));
    expect(own.map(({ act }) => act)).toEqual(["INSPECTION_OPENED", "INSPECTION_CLOSED"]);
    for (const { act, number = 0, position, salt, commitment } of own) {
      const leaf = await leafOf(reader, number);
      expect(leaf).toMatchObject({ kind: "ACT", origin: reader, act });
      const [line] = services.services.audit!.list({ before: position + 1, limit: 1 });
      expect([line?.act, line?.object]).toEqual([act, inspection]);
      const bound = [leaf!.commitment!, commitment, commitToAct(salt, renderLine(line!))];
      expect(new Set(bound.map((one) => Buffer.from(one).toString("hex"))).size).toBe(1);
    }
    const signed = JSON.parse(
      (await ask("auditor", `/v1/inspections/${inspection}/report`)).text,
    ) as Json;
    const { opened, ended } = JSON.parse(String(signed["statement"])) as Record<
      "opened" | "ended",
      { log: Record<"line" | "salt" | "proof", string> }
    >;
    const policy = { witnesses: [], groups: [], quorum: undefined };
    const keys = world.register().logKeys(world.plan.hub, world.clock.now());
    for (const [nth, { line, salt, proof: text }] of [opened.log, ended.log].entries()) {
      const proof = parseProof(utf8(text));
      verifyProof({ proof, leafHash: leafHash(proof.extra!), keys, policy });
      const { commitment } = parseLogLeaf(proof.extra!);
      const bound = commitToAct(Buffer.from(salt, "hex"), utf8(line));
      expect(Buffer.from(bound).equals(commitment!)).toBe(true);
      expect(line).toContain(`"${own[nth]!.act}","${inspection}"`);
    }
    const act = { act: "RIGHTS_CHANGED", commitment: sha256(utf8("forged")), sequence: 1 };
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await request("act", encodeLogActQuestion(act))).refused).toBeUndefined();
    }
    await until("it stands", async () => (await leafOf("gh/fiu", 1)) !== undefined);
    expect(await leafOf("gh/fiu", 1)).toMatchObject({ origin: "gh/fiu", act: "RIGHTS_CHANGED" });
    expect(await leafOf("gh/fiu", 2)).toBeUndefined();
    const wrong = [
      [{ ...act, act: "HUB_STOPPED", sequence: 2 }, "LOG_ACT_UNKNOWN"],
      [{ ...act, commitment: sha256(utf8("another")) }, "LOG_ACT_OTHER"],
    ] as const;
    for (const [question, code] of wrong) {
      expect((await request("act", encodeLogActQuestion(question))).refused).toBe(code);
    }
    // the account's own prefix is the server's, and another's subject is nobody's to publish on
    const next = { ...act, sequence: Math.max(...own.map(({ number = 0 }) => number)) + 1 };
    outside.link.publish("in.gh.tcu.log.act", encodeLogActQuestion(next));
    await until("it is denied", () => outside.denials.length > 0);
    expect(await leafOf(reader, next.sequence)).toBeUndefined();
    await outside.close();
  });
});
