import { beforeEach, describe, expect, it } from "vitest";

import { Fault, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import {
  makeMemoryExchange,
  makeStillClock,
  type MemoryExchange,
} from "../../test/kit/memory-exchange.ts";
import { makeApp } from "./app.ts";
import { makeEventStreams } from "./events.ts";
import { makeHostNames } from "./host.ts";
import { digestToken } from "./token.ts";

const token = "t".repeat(43);
let exchange: MemoryExchange;
let app: ReturnType<typeof makeApp>;
let id = "";

beforeEach(() => {
  const clock = makeStillClock(Date.UTC(2026, 2, 9));
  exchange = makeMemoryExchange("ng/tcu", clock);
  ({ id } = exchange.receive({ type: "alert.incident" }));
  app = makeApp({
    exchange,
    directory: { agencies: () => [], servedRecs: () => [] },
    clock,
    chance: makeSeededChance("api"),
    log: silentLog,
    streams: makeEventStreams(exchange, clock),
    tokenDigest: digestToken(token),
    hostNames: makeHostNames("127.0.0.1"),
    onFatal: () => undefined,
  });
});

async function ask(path: string, init: RequestInit = {}): Promise<[number, unknown]> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
  const response = await app.request(path, { ...init, headers });
  return [response.status, await response.json()];
}

function post(body: unknown, of = id, type = "application/json"): Promise<[number, unknown]> {
  const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": type } };
  return ask(`/v1/messages/${of}/translations`, init);
}

const wish = { pointer: "/narrative", to: "sw" };

describe("POST /v1/messages/:id/translations", () => {
  it("answers a draft and stores nothing", async () => {
    const before = exchange.stored;
    const [status, draft] = await post(wish);
    expect(status).toBe(200);
    expect(draft).toMatchObject({
      type: "translation.product",
      recipients: ["ng/tcu"],
      body: { targetId: id, pointer: "/narrative", text: { lang: "sw" } },
    });
    expect(exchange.stored).toBe(before);
  });

  it.each<unknown>([
    {},
    [],
    null,
    "fr",
    { pointer: "/narrative" },
    { ...wish, pointer: 7 },
    { ...wish, to: ["fr"] },
    { ...wish, text: "our own words" },
    { ...wish, url: "https://elsewhere.example" },
    { ...wish, pointer: `/${"x".repeat(300)}` },
    { ...wish, to: "x".repeat(36) },
  ])("%j is no wish for a translation", async (body) => {
    expect(await post(body)).toMatchObject([400, { code: "REQUEST_INVALID" }]);
  });

  it("is asked in JSON, with the token, and about what is here", async () => {
    expect(await post(wish, id, "text/plain")).toMatchObject([415, {}]);
    expect(await post(wish, "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12")).toMatchObject([404, {}]);
    const path = `/v1/messages/${id}/translations`;
    const init = { method: "POST", body: "{}", headers: { authorization: "Bearer x" } };
    expect(await ask(path, init)).toMatchObject([401, { code: "NOT_AUTHENTICATED" }]);
  });

  it("what may not leave is told with its reason, as the caller's to mend", async () => {
    exchange.failure = new Fault("TRANSLATION_NOT_ALLOWED", "handling is above H0");
    expect(await post(wish)).toMatchObject([
      403,
      { code: "TRANSLATION_NOT_ALLOWED", detail: "handling is above H0" },
    ]);
  });
});

describe("GET /v1/messages/:id/translation-check", () => {
  const check = (of = id): Promise<[number, unknown]> =>
    ask(`/v1/messages/${of}/translation-check`);

  it("says whether it is bound, and by which code it is not", async () => {
    expect(await check()).toEqual([200, { bound: true }]);
    const bad = exchange.receive({ type: "translation.product", code: "TRANSLATION_UNBOUND" });
    expect(await check(bad.id)).toEqual([200, { bound: false, code: "TRANSLATION_UNBOUND" }]);
  });

  it("of what is not here it says nothing", async () => {
    expect(await check("019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12")).toMatchObject([404, {}]);
  });
});
