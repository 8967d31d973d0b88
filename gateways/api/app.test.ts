import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { limits } from "../../schemas/index.ts";
import { Fault, type Log, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeApp } from "./app.ts";
import { makeEventStreams } from "./events.ts";
import { makeHostNames } from "./host.ts";
import {
  makeMemoryExchange,
  makeStillClock,
  type MemoryExchange,
  type StillClock,
} from "../../test/kit/memory-exchange.ts";
import { digestToken } from "./token.ts";

const token = "t".repeat(43);
const start = Date.UTC(2026, 2, 9, 14, 5);
const message = {
  type: "maritime.incident",
  recs: ["ecowas"],
  crimes: ["piracy"],
  body: {
    stage: "FINAL",
    position: { lat: 4.1, lon: 6.2 },
    occurred: { date: { year: 2020, month: 1, day: 2 }, timeKnown: "UNKNOWN" },
    shipStatus: "ANCHOR",
    method: "BOARDED",
    statesConcerned: ["NG"],
  },
};

let exchange: MemoryExchange;
let clock: StillClock;
let app: ReturnType<typeof makeApp>;
let logged: unknown[];
let fatal: Fault[];

beforeEach(() => {
  clock = makeStillClock(start);
  exchange = makeMemoryExchange("ng/moc", clock);
  logged = [];
  fatal = [];
  const log: Log = { ...silentLog, error: (event, fields) => logged.push({ event, ...fields }) };
  app = makeApp({
    exchange,
    directory: {
      agencies: () => [{ agency: "ng/moc", kind: "MOC", authority: "ng", recs: ["ecowas"] }],
      servedRecs: () => ["ecowas"],
    },
    clock,
    chance: makeSeededChance("api"),
    log,
    streams: makeEventStreams(exchange, clock),
    tokenDigest: digestToken(token),
    hostNames: makeHostNames("127.0.0.1"),
    onFatal: (fault) => fatal.push(fault),
  });
});

const violationsShape = z.object({ violations: z.array(z.object({ path: z.string() })) });
const pageShape = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const typesShape = z.object({ items: z.array(z.object({ type: z.string(), href: z.string() })) });
const anyPlace: unknown = expect.stringMatching(/\.ts:\d+$/);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
  readonly text: string;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
  const response = await app.request(path, { ...init, headers });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const json = isJson ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : {};
  return { status: response.status, headers: response.headers, json, text };
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask("/v1/messages", {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": "k1", ...headers },
  });
}

describe("who may ask", () => {
  it.each(["/", "/v1/messages", "/v1/status", "/v1/schemas", "/v1/directory", "/nothing"])(
    "%s is refused without a token, with a problem and how to authenticate",
    async (path) => {
      const answer = await ask(path, { headers: { authorization: "" } });
      expect(answer.status).toBe(401);
      expect(answer.json).toMatchObject({
        code: "NOT_AUTHENTICATED",
        type: "/faults/NOT_AUTHENTICATED",
      });
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    },
  );

  it.each([`Bearer ${"x".repeat(43)}`, `Bearer ${token}x`, `Basic ${token}`, "Bearer"])(
    "a wrong token is refused: %s",
    async (authorization) => {
      const answer = await ask("/v1/status", { headers: { authorization } });
      expect(answer.json["code"]).toBe("NOT_AUTHENTICATED");
    },
  );

  it.each(["/livez", "/readyz", "/faults/QUOTA_EXCEEDED"])("%s needs no token", async (path) => {
    expect((await ask(path, { headers: { authorization: "" } })).status).toBe(200);
  });

  it("a request that calls us by a foreign name is refused, health included", async () => {
    const answer = await ask("/livez", { headers: { host: "rebound.example:7401" } });
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  });

  it.each(["localhost:7401", "127.0.0.1", "[::1]:7401", "LOCALHOST"])(
    "our own name is served: %s",
    async (host) => {
      expect((await ask("/livez", { headers: { host } })).status).toBe(200);
    },
  );
});

describe("POST /v1/messages", () => {
  it("stores a new message: 201 and its place", async () => {
    const answer = await post(message);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ created: true, audience: ["gh/moc"] });
    expect(answer.headers.get("location")).toBe(`/v1/messages/${String(answer.json["id"])}`);
  });

  it("the same key with the same content is the same message: 200 and the same id", async () => {
    const first = await post(message);
    const again = await post(message);
    expect(again.status).toBe(200);
    expect(again.json["id"]).toBe(first.json["id"]);
    expect(exchange.stored).toBe(1);
  });

  it.each<[string, number, unknown, Record<string, string>]>([
    ["IDEMPOTENCY_KEY_MISSING", 400, message, { "idempotency-key": "" }],
    ["REQUEST_INVALID", 400, message, { "idempotency-key": "k".repeat(201) }],
    ["REQUEST_TYPE_UNSUPPORTED", 415, message, { "content-type": "text/plain" }],
    ["REQUEST_TYPE_UNSUPPORTED", 415, message, { "content-encoding": "gzip" }],
    ["JSON_MALFORMED", 400, "{", {}],
    ["JSON_MALFORMED", 400, '{"type":"a","type":"b"}', {}],
    ["CODEC_TOO_DEEP", 422, "[".repeat(40) + "]".repeat(40), {}],
    ["REQUEST_TOO_LARGE", 413, JSON.stringify("x".repeat(limits.maxRequestBytes)), {}],
    ["SCHEMA_INVALID", 422, { type: "maritime.incident" }, {}],
  ])("%s is refused with %i and nothing is stored", async (...[code, status, body, headers]) => {
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status, json: { code, status } });
    expect(exchange.stored).toBe(0);
  });

  it("bytes that are not UTF-8 are refused", async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const answer = await ask("/v1/messages", { method: "POST", body, headers });
    expect(answer.json["code"]).toBe("BYTES_NOT_TEXT");
  });

  it("a request without a body is refused", async () => {
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const answer = await ask("/v1/messages", { method: "POST", headers });
    expect(answer.json["code"]).toBe("JSON_MALFORMED");
  });

  it("a body without end is read no further than the limit", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const init = { method: "POST", body, headers, duplex: "half" as const };
    expect((await ask("/v1/messages", init)).json["code"]).toBe("REQUEST_TOO_LARGE");
    expect(sent).toBeLessThan(limits.maxRequestBytes + 3 * 65_536);
  });

  it("the same key with other content is refused", async () => {
    await post(message);
    const answer = await post({ ...message, crimes: ["other"] });
    expect(answer).toMatchObject({
      status: 409,
      json: { code: "IDEMPOTENCY_KEY_REUSED", retry: "after-change" },
    });
  });

  it("every wrong field is named with its pointer", async () => {
    const answer = await post({ ...message, body: { ...message.body, method: "?", stage: 1 } });
    const { violations } = violationsShape.parse(answer.json);
    expect(violations.map(({ path }) => path).toSorted()).toEqual(["/method", "/stage"]);
  });
});

describe("POST /v1/messages:validate", () => {
  const headers = { "content-type": "application/json" };

  it("says what is wrong with 200 and stores nothing", async () => {
    const body = JSON.stringify({ ...message, body: {} });
    const answer = await ask("/v1/messages:validate", { method: "POST", body, headers });
    expect(answer).toMatchObject({ status: 200, json: { valid: false, bytes: 0 } });
    expect(exchange.stored).toBe(0);
  });

  it("says who would read a good one and stores nothing", async () => {
    const body = JSON.stringify(message);
    const answer = await ask("/v1/messages:validate", { method: "POST", body, headers });
    expect(answer.json).toMatchObject({ valid: true, problems: [], audience: ["gh/moc"] });
    expect(exchange.stored).toBe(0);
  });
});

describe("GET /v1/messages", () => {
  it("gives pages that lead through all, newest first, with times in RFC 3339", async () => {
    for (let n = 0; n < 5; n += 1) exchange.receive({});
    const seen: { id: string }[] = [];
    let path: string | undefined = "/v1/messages?box=in&limit=2";
    let pages = 0;
    while (path !== undefined) {
      const { json, headers } = await ask(path);
      seen.push(...pageShape.parse(json).items);
      path = /^<([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
      expect(json["next"] === null).toBe(path === undefined);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(seen[0]).toMatchObject({ createdAt: "2026-03-09T14:05:00.000Z", state: "VERIFIED" });
  });

  it.each(["box=all", "limit=0", "limit=201", "limit=x", "state=NEW", "type=A", "crime=DRUGS", "cursor=%22",
    "box=in&box=out", "since=1"])("%s is refused", async (search) => {
    const answer = await ask(`/v1/messages?${search}`);
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  }); // prettier-ignore
});

describe("GET /v1/messages/{id}", () => {
  const { body } = message;

  it("gives the message with its ladder in JSON", async () => {
    const ladder = [{ kind: "ACCEPTED", by: "ecowas/hub", at: start, channel: "c" } as const];
    const { id } = exchange.receive({ body, ladder });
    const answer = await ask(`/v1/messages/${id}`);
    expect(answer.json).toMatchObject({ id, ladder: [{ at: "2026-03-09T14:05:00.000Z" }], body });
  });

  it("gives text for people in their language", async () => {
    const { id } = exchange.receive({ body });
    const english = await ask(`/v1/messages/${id}`, { headers: { accept: "text/plain;lang=en" } });
    const french = await ask(`/v1/messages/${id}`, { headers: { accept: "text/plain; lang=fr" } });
    expect(english.text).toContain("at anchor");
    expect(french.text).toContain("au mouillage");
    expect(french.headers.get("content-language")).toBe("fr");
  });

  it("text of a quarantined message says so first and shows no content", async () => {
    const { id } = exchange.receive({ body, state: "QUARANTINED", code: "CERT_REVOKED" });
    const { text } = await ask(`/v1/messages/${id}`, { headers: { accept: "text/plain" } });
    expect(text).toMatch(/^NOT VERIFIED.*CERT_REVOKED/);
    expect(text).not.toContain("anchor");
  });

  it("an id that is none, and one that is not here, are refused", async () => {
    expect((await ask("/v1/messages/7")).json["code"]).toBe("ID_INVALID");
    const unknown = await ask("/v1/messages/01890a5d-ac96-774b-bcce-b302099a8057");
    expect(unknown).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
  });
});

describe("what is wrong inside", () => {
  it("an unexpected error says title and trace id, and the log where it was, never its text", async () => {
    exchange.failure = new Error("secret content");
    const answer = await ask("/v1/status");
    expect(Object.keys(answer.json).toSorted()).toEqual([
      "code",
      "instance",
      "retry",
      "status",
      "title",
      "type",
    ]);
    expect(answer).toMatchObject({ status: 500, json: { code: "INTERNAL" } });
    const traceId = /^\/requests\/([0-9a-f]{32})$/.exec(String(answer.json["instance"]))?.[1];
    expect(logged).toEqual([
      {
        event: "request failed",
        traceId,
        code: "INTERNAL",
        status: 500,
        file: anyPlace,
      },
    ]);
    expect(JSON.stringify([answer, logged])).not.toContain("secret");
  });

  it("the detail of an operator's fault is not told, and 503 says when to come back", async () => {
    exchange.failure = new Fault("STORE_WRITE_FAILED", "disk full at /var/x");
    const answer = await ask("/v1/status");
    expect(answer.text).not.toContain("/var/x");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer).toMatchObject({
      status: 503,
      json: { code: "STORE_WRITE_FAILED", retry: "later" },
    });
  });

  it("an INTEGRITY fault is told to the process; another is not", async () => {
    exchange.failure = new Fault("STORE_WRITE_FAILED", "x");
    await ask("/v1/status");
    expect(fatal).toEqual([]);
    exchange.failure = new Fault("INTEGRITY_STORE", "x");
    await ask("/v1/status");
    expect(fatal.map(({ code }) => code)).toEqual(["INTEGRITY_STORE"]);
  });
});

describe("health, schemas, directory", () => {
  it("a link that is down is said, and does not make the gateway unready", async () => {
    exchange.linkUp = false;
    expect(await ask("/readyz")).toMatchObject({
      status: 200,
      json: { ready: true, linkUp: false },
    });
  });

  it("a register out of date makes the gateway unready", async () => {
    clock.move(86_400_000);
    expect(await ask("/readyz")).toMatchObject({
      status: 503,
      json: { ready: false, register: false },
    });
  });

  it("a store that fails makes the gateway unready, and it stays alive", async () => {
    exchange.failure = new Fault("STORE_WRITE_FAILED", "x");
    expect((await ask("/readyz")).status).toBe(503);
    expect((await ask("/livez")).status).toBe(200);
  });

  it("every type listed has its JSON Schema, and no other name reaches a file", async () => {
    const { json } = await ask("/v1/schemas");
    for (const { type, href } of typesShape.parse(json).items) {
      expect((await ask(href)).json["title"]).toBe(type);
    }
    expect((await ask("/v1/schemas/..%2f..%2fpackage")).json["code"]).toBe("NOT_FOUND");
  });

  it("the directory gives agencies and served communities", async () => {
    const { json } = await ask("/v1/directory");
    expect(json).toMatchObject({
      servedRecs: ["ecowas"],
      agencies: [{ agency: "ng/moc", kind: "MOC" }],
    });
  });

  it("a code is explained, and what is no code is not found", async () => {
    expect((await ask("/faults/CERT_REVOKED")).json).toMatchObject({ status: 403, retry: "never" });
    expect((await ask("/faults/toString")).json["code"]).toBe("NOT_FOUND");
  });

  it("the root names every route and the limits", async () => {
    const { json } = await ask("/");
    expect(json["links"]).toContainEqual({
      method: "GET",
      path: "/livez",
      summary: "the process answers",
    });
    expect(json["limits"]).toEqual(limits);
  });

  it("another method on a known path is not found, and every answer is uncached and not sniffed", async () => {
    const answer = await ask("/v1/status", { method: "DELETE" });
    expect(answer.json["code"]).toBe("NOT_FOUND");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });
});
