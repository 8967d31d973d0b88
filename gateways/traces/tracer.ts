import { z } from "zod";

import {
  type Chance,
  type Clock,
  type EpochMs,
  type Log,
  renderHex,
  toFault,
} from "../../schemas/ground/index.ts";
import type { TraceParent } from "./traceparent.ts";

/** What `gateway.json` may say of traces; left out none are kept. */
export const tracesShape = z.strictObject({
  /** Where the agency's own collector takes OTLP over HTTP, such as http://127.0.0.1:4318. */
  url: z.url({ protocol: /^https?$/ }).max(400),
  /** Of how many traces out of one the spans are handed over, such as 0.1; all of them when left out. */
  share: z.number().min(0).max(1).optional(),
});

/** Where traces go. */
export type TracesChoice = z.infer<typeof tracesShape>;

/** What a span may say; each value is of a closed list, or a number. */
export interface SpanFacts {
  readonly method?: string | undefined;
  /** As the table of routes has it, never as it was asked. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly handling?: string | undefined;
  readonly urgency?: string | undefined;
}

/** Something that took its time. */
export interface Span {
  readonly name: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** What it is a part of; a trace of its own when left out. */
  readonly parent?: TraceParent | undefined;
  readonly facts?: SpanFacts | undefined;
}

/** Keeps spans for a moment, and hands them to the collector. */
export interface Tracer {
  /** Notes what ended; returns at once, and never throws. Says what parts of it are parts of. */
  note(span: Span): TraceParent;
  stop(): void;
}

/** What a tracer is made with. */
export interface TracerParts {
  readonly choice: TracesChoice;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** How it is sent; `fetch` unless a test says otherwise. */
  readonly send?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

const sendEveryMs = 5_000;
const patienceMs = 5_000;
/** Beyond it the oldest are forgotten: a collector that is away costs no more than this. */
const maxKept = 1_000;
const maxBatch = 250;
/** OTLP's own numbers. */
const [internalKind, errorStatus] = [1, 2] as const;

const factNames: readonly (readonly [fact: keyof SpanFacts, name: string])[] = [
  ["method", "http.request.method"],
  ["route", "http.route"],
  ["status", "http.response.status_code"],
  ["code", "error.type"],
  ["handling", "atumpan.handling"],
  ["urgency", "atumpan.urgency"],
];

function renderFacts(facts: SpanFacts): readonly object[] {
  return factNames.flatMap(([fact, key]) => {
    const value = facts[fact];
    if (value === undefined) return [];
    const said = typeof value === "number" ? { intValue: String(value) } : { stringValue: value };
    return [{ key, value: said }];
  });
}

function renderSpan({ name, from, to, parent, facts = {} }: Span, own: TraceParent): object {
  return {
    ...own,
    ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
    name,
    kind: internalKind,
    startTimeUnixNano: `${Math.round(from)}000000`,
    endTimeUnixNano: `${Math.round(Math.max(from, to))}000000`,
    attributes: renderFacts(facts),
    status: facts.code === undefined ? {} : { code: errorStatus },
  };
}

const shareDigits = 8;

/** By the trace's own number, so that all parts of one are kept or none is. */
function isKept(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-shareDigits), 16) < share * 16 ** shareDigits;
}

function renderBatch(spans: readonly object[]): string {
  const service = { key: "service.name", value: { stringValue: "atumpan-gateway" } };
  const scopeSpans = [{ scope: { name: "atumpan" }, spans }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: [service] }, scopeSpans }] });
}

/** Starts handing spans to the collector. */
export function makeTracer({ choice, clock, chance, log, send = fetch }: TracerParts): Tracer {
  const kept: object[] = [];
  const url = `${choice.url.replace(/\/$/, "")}/v1/traces`;
  let isSending = false;
  let isAway = false;
  const hand = async (): Promise<void> => {
    const batch = kept.slice(0, maxBatch);
    if (isSending || batch.length === 0) return;
    isSending = true;
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const headers = { "content-type": "application/json" };
      const answer = await send(url, { method: "POST", redirect: "error", body: renderBatch(batch), headers, signal });
      await answer.body?.cancel();
      // what it does not want it will not want the next time either
      if (answer.ok || answer.status < 500) for (const one of batch) if (kept[0] === one) kept.shift();
      if (isAway && answer.ok) log.info("the collector of traces is there again");
      isAway = !answer.ok;
    } catch (error) {
      if (!isAway) log.warn("the collector of traces is away", { code: toFault(error, "INTERNAL").code });
      isAway = true;
    } finally {
      isSending = false;
    }
  };
  const timer = clock.every(sendEveryMs, () => void hand());
  return {
    note: (span) => {
      const traceId = span.parent?.traceId ?? renderHex(chance.bytes(16));
      const own = { traceId, spanId: renderHex(chance.bytes(8)) };
      if (isKept(traceId, choice.share ?? 1)) kept.push(renderSpan(span, own));
      if (kept.length > maxKept) kept.shift();
      return own;
    },
    stop: () => timer.stop(),
  };
} // prettier-ignore
