import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Fault, silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeMemoryExchange, type MemoryExchange } from "../kit/memory-exchange.ts";
import { type Api, loadToken, startApi } from "../../gateways/api/index.ts";
import { readEvents } from "../../gateways/client/events.ts";
import { makeGatewayClient, ProblemError, type Submission } from "../../gateways/client/index.ts";

const dir = mkdtempSync(join(tmpdir(), "atumpan-client-"));
let exchange: MemoryExchange;
let api: Api;

beforeAll(async () => {
  exchange = makeMemoryExchange("ng/tcu", systemClock);
  const directory = { agencies: () => [], servedRecs: () => ["ecowas"] };
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  api = await startApi({ exchange, directory, dir, host: "127.0.0.1", port: 0, ...ground });
});

afterAll(async () => {
  await api.stop();
  rmSync(dir, { recursive: true });
});

const token = (): string => loadToken(dir, systemChance);

const bulletin: Submission = {
  type: "bulletin.red_flag",
  recs: ["ecowas"],
  crimes: ["drugs"],
  body: {
    title: { text: "Seals that do not match the papers", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH" }],
    evidenceLevel: "PROBABLE",
  },
};

async function errorOf(act: Promise<unknown>): Promise<ProblemError> {
  const error = await act.catch((caught: unknown) => caught);
  if (error instanceof ProblemError) return error;
  throw new Error("no problem was thrown", { cause: error });
}

describe("the client", () => {
  it("sends a message once, however often it has to be sent", async () => {
    const gateway = makeGatewayClient({ url: api.url, token });
    const before = exchange.stored;
    exchange.failure = new Fault("QUOTA_EXCEEDED", "d", { retryAfterSeconds: 0 });
    const first = await gateway.send(bulletin, "c1");
    let isCut = false;
    const cutting: typeof fetch = async (...asked) => {
      const answer = await fetch(...asked);
      if (isCut) return answer;
      isCut = true;
      throw new TypeError("the connection broke after the gateway had answered");
    };
    const second = await makeGatewayClient({ url: api.url, token, fetch: cutting }).send(
      bulletin,
      "c2",
    );
    expect([first.created, second.created, exchange.stored - before]).toEqual([true, false, 2]);
  });

  it("throws what the gateway says no to, with its code and each pointer, and does not try that again", async () => {
    let asked = 0;
    const counting: typeof fetch = (...args) => {
      asked += 1;
      return fetch(...args);
    };
    const gateway = makeGatewayClient({ url: api.url, token, fetch: counting });
    const error = await errorOf(gateway.send({ ...bulletin, body: {} }, "c3"));
    expect(error).toMatchObject({ code: "SCHEMA_INVALID", status: 422, retry: "after-change" });
    expect(error.errors.map(({ pointer }) => pointer)).toContain("/body/title");
    expect(asked).toBe(1);
    const stranger = makeGatewayClient({ url: api.url, token: () => "x" });
    expect((await errorOf(stranger.api.GET("/v1/status"))).code).toBe("NOT_AUTHENTICATED");
  });

  it("gives every message of a box, page after page, each once", async () => {
    for (let n = 0; n < 7; n += 1) exchange.receive({});
    const gateway = makeGatewayClient({ url: api.url, token });
    const seen: (string | undefined)[] = [];
    for await (const { id } of gateway.messages({ box: "in", limit: "3", fields: "id" }))
      seen.push(id);
    expect([seen.length, new Set(seen).size]).toEqual([7, 7]);
  });

  it("follows events across breaks, from where it stood", async () => {
    const asked: (string | null)[] = [];
    const breaking = (request: unknown): Promise<Response> => {
      const { headers } = request as Request;
      asked.push(headers.get("last-event-id"));
      const text = `retry: 1\n\n: still here\n\nid: ${asked.length}\nevent: message\ndata: {"n":${asked.length}}\n\ndata: cut of`;
      return Promise.resolve(
        new Response(text, { headers: { "content-type": "text/event-stream" } }),
      );
    };
    const stop = new AbortController();
    const gateway = makeGatewayClient({ url: api.url, token, fetch: breaking });
    const told: string[] = [];
    for await (const { data } of gateway.follow(stop.signal, "0")) {
      told.push(data);
      if (told.length === 3) stop.abort();
    }
    expect([told, asked]).toEqual([
      ['{"n":1}', '{"n":2}', '{"n":3}'],
      ["0", "1", "2"],
    ]);
  });
});

describe("changes by asking", () => {
  it("go on from the cursor of the page before, and end where they are stopped", async () => {
    const asked: string[] = [];
    const answering = (request: unknown): Promise<Response> => {
      const { searchParams } = new URL((request as Request).url);
      asked.push(searchParams.get("cursor") ?? searchParams.get("from") ?? "");
      const n = String(asked.length);
      const items = [
        { cursor: n, kind: "stored", id: n, box: "in", state: "VERIFIED", at: "", href: "" },
      ];
      return Promise.resolve(Response.json({ items, next: n, hasMore: false }));
    };
    const stop = new AbortController();
    const gateway = makeGatewayClient({ url: api.url, token, fetch: answering });
    const told: string[] = [];
    for await (const { id } of gateway.changes(stop.signal)) {
      told.push(id);
      if (told.length === 3) stop.abort();
    }
    expect([told, asked]).toEqual([
      ["1", "2", "3"],
      ["now", "1", "2"],
    ]);
  });
});

describe("events of a stream", () => {
  async function eventsOf(...pieces: string[]): Promise<unknown[]> {
    const body = new Blob(pieces).stream();
    const events: unknown[] = [];
    for await (const event of readEvents(body)) events.push(event);
    return events;
  }

  it("are read across pieces and line ends; what is cut off is none", async () => {
    expect(await eventsOf("id: 7\r\nda", "ta: a\r\ndata:b\r\n", "\r\ndata: lost")).toEqual([
      { id: "7", event: "message", data: "a\nb" },
    ]);
  });

  it("a line without end is let go", async () => {
    await expect(eventsOf("x".repeat(1_100_000))).rejects.toThrow("no end");
  });
});
