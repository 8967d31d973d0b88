import { z } from "zod";

import { makeApp } from "../../gateways/api/app.ts";
import { makeEventStreams } from "../../gateways/api/events.ts";
import type { Services } from "../../gateways/api/services.ts";
import { makeHostNames } from "../../gateways/api/host.ts";
import { digestToken } from "../../gateways/api/token.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { type Fault, type Log, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { checkAnswered } from "./checked-answer.ts";
import {
  makeMemoryExchange,
  makeStillClock,
  type MemoryExchange,
  type StillClock,
} from "./memory-exchange.ts";

export { exampleOf };

/** The token of the gateway below. */
export const token = "t".repeat(43);

/** When its clock stands. */
export const start = Date.UTC(2026, 2, 9, 14, 5);

/** A good report of an attack at sea. */
export const message = {
  type: "maritime.incident",
  recs: ["ecowas"],
  crimes: ["piracy"],
  body: exampleOf("maritime.incident").body,
};

/** What came back, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A gateway's HTTP face over an exchange in memory, asked without a socket. */
export interface ApiWorld {
  readonly exchange: MemoryExchange;
  readonly clock: StillClock;
  /** Errors in the log, and faults at which the process must stop. */
  readonly logged: unknown[];
  readonly fatal: Fault[];
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Submits, with a key of its own unless the headers say another. */
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** Builds the gateway of ng/moc. */
export function makeApiWorld(services?: Services): ApiWorld {
  const clock = makeStillClock(start);
  const exchange = makeMemoryExchange("ng/moc", clock);
  const logged: unknown[] = [];
  const fatal: Fault[] = [];
  const log: Log = { ...silentLog, error: (event, fields) => logged.push({ event, ...fields }) };
  const app = makeApp({
    exchange,
    services,
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
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
    const response = await app.request(path, { ...init, headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const type = response.headers.get("content-type") ?? "";
    if (init.method !== "OPTIONS" && !response.headers.has("content-encoding"))
      checkAnswered({ method: init.method ?? "GET", path, status: response.status, type, text });
    const isJson =
      type.includes("json") && text !== "" && !response.headers.has("content-encoding");
    const json = isJson ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : {};
    return { status: response.status, headers: response.headers, json, text, bytes };
  };
  const post: ApiWorld["post"] = (body, headers = {}) =>
    ask("/v1/messages", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", "idempotency-key": "k1", ...headers },
    });
  return { exchange, clock, logged, fatal, ask, post };
}
