import { Counter, Histogram, type Registry } from "prom-client";

import { isKnownCode, typeOptions } from "../../schemas/index.ts";
import { type Clock, isFaultCode } from "../../schemas/ground/index.ts";
import type { Exchange, MessageSummary } from "../exchange/index.ts";

/** What messages are counted with. */
export interface CountedMessages {
  readonly exchange: Pick<Exchange, "watch" | "find">;
  readonly clock: Clock;
  readonly register: Registry;
}

/** From a second to three days. */
const deliveryBuckets = [1, 5, 15, 60, 300, 1_800, 7_200, 28_800, 86_400, 259_200];
/** A message is told of more than once; of so many it is remembered that they came to a state. */
const maxRemembered = 10_000;

/** A code of one of our lists: nothing that somebody wrote becomes a label. */
export function codeLabel(list: "URGENCY" | "HANDLING", value: string): string {
  return isKnownCode(list, value) ? value : "OTHER";
}

/**
 * The family of a message of a feed. What is written by name says no more than that: a count that moves when one
 * agency writes to another would tell whoever watches what about.
 */
function familyLabel({ type, recs }: MessageSummary): string {
  if (typeOptions(type) === undefined) return "OTHER";
  return recs.length > 0 ? type.slice(0, type.indexOf(".")) : "direct";
}

function makeCounters(register: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `atumpan_messages_${name}`, help, labelNames: [...labelNames], registers: [register] });
  return {
    handled: counter("total", "messages sent and received, by handling", ["direction", "handling"]),
    family: counter("family_total", "messages sent and received, by family; direct: by name", ["direction", "family"]),
    refused: counter("refused_total", "messages of ours that the hub refused, by its code", ["code"]),
    quarantined: counter("quarantined_total", "messages of others that could not be proved, by code", ["code"]),
    erased: counter("erased_total", "messages whose content was erased, by why: PURGE or RETENTION", ["why"]),
    expired: counter("expired_total", "messages of ours that ended before all of their readers had them", []),
  };
} // prettier-ignore

type Counters = ReturnType<typeof makeCounters>;

/** Why something was erased; nothing else that a code may hold. */
function whyOf(code: string | undefined): string {
  return code === "RETENTION" ? code : "PURGE";
}

function faultLabel(code: string | undefined): string {
  return code !== undefined && isFaultCode(code) ? code : "OTHER";
}

function countNew(counters: Counters, direction: "out" | "in", message: MessageSummary): void {
  counters.handled.inc({ direction, handling: codeLabel("HANDLING", message.handling) });
  counters.family.inc({ direction, family: familyLabel(message) });
}

/** Whether something is met for the first time, as far as is remembered. */
function makeFirstTime(): (what: string) => boolean {
  const seen = new Set<string>();
  return (what) => {
    if (seen.has(what)) return false;
    seen.add(what);
    const [oldest] = seen;
    if (seen.size > maxRemembered && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}

/**
 * Counts messages since the gateway began, each once for each thing that becomes of it, and how long ours took to all of
 * their readers. Returns how to stop.
 */
export function countMessages({ exchange, clock, register }: CountedMessages): () => void {
  const counters = makeCounters(register);
  const delivery = new Histogram({
    name: "atumpan_delivery_seconds",
    help: "seconds from the outbox to the last of its readers",
    labelNames: ["urgency"],
    buckets: deliveryBuckets,
    registers: [register],
  });
  const isFirst = makeFirstTime();
  const began = clock.now();
  const refusalOf = (id: string): string | undefined =>
    exchange.find(id)?.ladder.find(({ kind }) => kind === "REFUSED")?.code;
  const countOwn = (message: MessageSummary): void => {
    const { id, state, urgency, storedAt, code } = message;
    // what was under way already when the gateway began was counted then
    if (storedAt >= began && isFirst(`${id} sent`)) countNew(counters, "out", message);
    if (state === "REFUSED") counters.refused.inc({ code: faultLabel(refusalOf(id)) });
    if (state === "EXPIRED") counters.expired.inc();
    if (state === "ERASED") counters.erased.inc({ why: whyOf(code) });
    if (state !== "DELIVERED") return;
    const seconds = Math.max(0, clock.now() - storedAt) / 1_000;
    delivery.observe({ urgency: codeLabel("URGENCY", urgency) }, seconds);
  };
  return exchange.watch((message: MessageSummary) => {
    const { id, box, state, code } = message;
    if (!isFirst(`${id} ${box} ${state}`)) return;
    if (box === "out") countOwn(message);
    else if (state === "VERIFIED") countNew(counters, "in", message);
    else if (state === "ERASED") counters.erased.inc({ why: whyOf(code) });
    else counters.quarantined.inc({ code: faultLabel(code) });
  });
}
