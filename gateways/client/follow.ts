import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "openapi-fetch";

import { again, firstWaitMs, had, mayComeLater } from "./again.ts";
import type { components, paths } from "./api-types.ts";
import { type GatewayEvent, readEvents } from "./events.ts";

/** Of what may be had in several forms, the one that types are made for. */
export type Json = "application/json";
type Change = components["schemas"]["Change"];

/** Ends where it was stopped: that is no failure. */
async function* untilStopped<T>(signal: AbortSignal, source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* changesOf(
  api: Client<paths, Json>,
  signal: AbortSignal,
  after?: string,
): AsyncGenerator<Change> {
  let cursor = after;
  while (!signal.aborted) {
    const from = cursor === undefined ? { from: "now" as const } : { cursor };
    const params = { query: { ...from, wait: "50" } };
    const { items, next } = had(
      (await again(() => api.GET("/v1/changes", { params, signal }))).data,
    );
    yield* items;
    cursor = next;
  }
}

async function* eventsOf(
  api: Client<paths, Json>,
  signal: AbortSignal,
  after?: string,
): AsyncGenerator<GatewayEvent> {
  let last = after;
  while (!signal.aborted) {
    const headers = last === undefined ? {} : { "last-event-id": last };
    const { data } = await again(() =>
      api.GET("/v1/events", { headers, signal, parseAs: "stream" }),
    );
    try {
      for await (const event of data === null || data === undefined ? [] : readEvents(data)) {
        last = event.id ?? last;
        yield event;
      }
    } catch (error) {
      if (!signal.aborted && !mayComeLater(error)) throw error;
    }
    if (!signal.aborted) await sleep(firstWaitMs);
  }
}

/** What becomes of messages, question after question; ends without failure where it is stopped. */
export function askChanges(
  api: Client<paths, Json>,
  signal: AbortSignal,
  after?: string,
): AsyncGenerator<Change> {
  return untilStopped(signal, changesOf(api, signal, after));
}

/** What becomes of messages as a stream, across breaks; ends without failure where it is stopped. */
export function followEvents(
  api: Client<paths, Json>,
  signal: AbortSignal,
  after?: string,
): AsyncGenerator<GatewayEvent> {
  return untilStopped(signal, eventsOf(api, signal, after));
}
