import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { limits } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type ApiWorld, makeApiWorld, message, token } from "../../test/kit/api-world.ts";
import type { Tracer } from "../traces/index.ts";

let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
});

const errorsShape = z.object({
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })),
});
const anyPlace: unknown = expect.stringMatching(/\.ts:\d+$/);

describe("who may ask", () => {
  it.each(["/", "/v1/messages", "/v1/status", "/v1/directory", "/nothing"])(
    "%s is refused without a token, with a problem and how to authenticate",
    async (path) => {
      const answer = await world.ask(path, { headers: { authorization: "" } });
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
      const answer = await world.ask("/v1/status", { headers: { authorization } });
      expect(answer.json["code"]).toBe("NOT_AUTHENTICATED");
    },
  );

  it.each([
    "/livez",
    "/readyz",
    "/faults/QUOTA_EXCEEDED",
    "/openapi.json",
    "/docs",
    "/v1/schemas",
    "/v1/codelists",
  ])("%s needs no token", async (path) => {
    expect((await world.ask(path, { headers: { authorization: "" } })).status).toBe(200);
  });

  it("a request that calls us by a foreign name is refused, health included", async () => {
    const answer = await world.ask("/livez", { headers: { host: "rebound.example:7401" } });
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  });

  it.each(["localhost:7401", "127.0.0.1", "[::1]:7401", "LOCALHOST"])(
    "our own name is served: %s",
    async (host) => {
      expect((await world.ask("/livez", { headers: { host } })).status).toBe(200);
    },
  );
});

describe("POST /v1/messages", () => {
  it("stores a new message: 201 and its place", async () => {
    const answer = await world.post(message);
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ created: true, audience: ["gh/moc"] });
    expect(answer.headers.get("location")).toBe(`/v1/messages/${String(answer.json["id"])}`);
  });

  it("the same key with the same content is the same message: 200 and the same id", async () => {
    const first = await world.post(message);
    const again = await world.post(message);
    expect(again.status).toBe(200);
    expect(again.json["id"]).toBe(first.json["id"]);
    expect(world.exchange.stored).toBe(1);
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
    const answer = await world.post(body, headers);
    expect(answer).toMatchObject({ status, json: { code, status } });
    expect(world.exchange.stored).toBe(0);
  });

  it("bytes that are not UTF-8 are refused", async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const answer = await world.ask("/v1/messages", { method: "POST", body, headers });
    expect(answer.json["code"]).toBe("BYTES_NOT_TEXT");
  });

  it("a request without a body is refused", async () => {
    const headers = { "content-type": "application/json", "idempotency-key": "k" };
    const answer = await world.ask("/v1/messages", { method: "POST", headers });
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
    expect((await world.ask("/v1/messages", init)).json["code"]).toBe("REQUEST_TOO_LARGE");
    expect(sent).toBeLessThan(limits.maxRequestBytes + 3 * 65_536);
  });

  it("the same key with other content is refused", async () => {
    await world.post(message);
    const answer = await world.post({ ...message, crimes: ["other"] });
    expect(answer).toMatchObject({
      status: 409,
      json: { code: "IDEMPOTENCY_KEY_REUSED", retry: "after-change" },
    });
  });

  it("every wrong field is named with its pointer", async () => {
    const answer = await world.post({
      ...message,
      body: { ...message.body, method: "?", stage: 1 },
    });
    const { errors } = errorsShape.parse(answer.json);
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      "/body/method",
      "/body/stage",
    ]);
  });
});

describe("what is wrong inside", () => {
  it("an unexpected error says title and trace id, and the log where it was, never its text", async () => {
    world.exchange.failure = new Error("secret content");
    const answer = await world.ask("/v1/status");
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
    expect(world.logged).toEqual([
      {
        event: "request failed",
        traceId,
        code: "INTERNAL",
        status: 500,
        file: anyPlace,
      },
    ]);
    expect(JSON.stringify([answer, world.logged])).not.toContain("secret");
  });

  it("the detail of an operator's fault is not told, and 503 says when to come back", async () => {
    world.exchange.failure = new Fault("STORE_WRITE_FAILED", "disk full at /var/x");
    const answer = await world.ask("/v1/status");
    expect(answer.text).not.toContain("/var/x");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer).toMatchObject({
      status: 503,
      json: { code: "STORE_WRITE_FAILED", retry: "later" },
    });
  });

  it("an INTEGRITY fault is told to the process; another is not", async () => {
    world.exchange.failure = new Fault("STORE_WRITE_FAILED", "x");
    await world.ask("/v1/status");
    expect(world.fatal).toEqual([]);
    world.exchange.failure = new Fault("INTEGRITY_STORE", "x");
    await world.ask("/v1/status");
    expect(world.fatal.map(({ code }) => code)).toEqual(["INTEGRITY_STORE"]);
  });
});

describe("traces of requests", () => {
  it("say the route as the table has it and how it ended, go on with the caller's trace, and nothing of what was asked", async () => {
    const noted: Parameters<Tracer["note"]>[0][] = [];
    const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
    const note: Tracer["note"] = (span) => {
      noted.push(span);
      return parent;
    };
    world = makeApiWorld({ traces: { note } });
    const traceparent = `00-${parent.traceId}-${parent.spanId}-01`;
    await world.ask("/v1/messages/019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11", { headers: { traceparent } });
    await world.ask("/v1/secret-of-kofi?name=mensah");
    expect(noted.map(({ name, facts }) => [name, facts?.status])).toEqual([
      ["GET /v1/messages/:id", 404],
      ["unknown", 404],
    ]);
    expect(noted.map((one) => one.parent)).toEqual([parent, undefined]);
    expect(JSON.stringify(noted)).not.toMatch(/019a9f00|kofi|mensah/);
  }); // prettier-ignore
});
