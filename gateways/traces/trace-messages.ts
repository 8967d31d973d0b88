import { isKnownCode } from "../../schemas/index.ts";
import { type Clock, isFaultCode } from "../../schemas/ground/index.ts";
import type { Exchange, MessageSummary } from "../exchange/index.ts";
import type { SpanFacts, Tracer } from "./tracer.ts";
import type { TraceParent } from "./traceparent.ts";

/** What messages are traced with. */
export interface TracedMessages {
  readonly exchange: Pick<Exchange, "watch">;
  readonly tracer: Pick<Tracer, "note">;
  readonly clock: Clock;
}

/** How many messages that are under way are remembered. */
const maxUnderWay = 2_000;

interface UnderWay {
  readonly parent: TraceParent;
  readonly at: number;
}

function factsOf({ handling, urgency, code }: MessageSummary): SpanFacts {
  return {
    handling: isKnownCode("HANDLING", handling) ? handling : "OTHER",
    urgency: isKnownCode("URGENCY", urgency) ? urgency : "OTHER",
    ...(code === undefined ? {} : { code: isFaultCode(code) ? code : "OTHER" }),
  };
}

/**
 * Traces messages: of ours the time in the outbox until the hub took or refused them, and from there until all readers had
 * them; of others the time from their arrival until they were proved or put aside. Returns how to stop.
 */
export function traceMessages({ exchange, tracer, clock }: TracedMessages): () => void {
  const underWay = new Map<string, UnderWay>();
  const began = clock.now();
  const noteOwn = (message: MessageSummary): void => {
    const { id, state, storedAt } = message;
    const now = clock.now();
    const before = underWay.get(id);
    if ((state === "ACCEPTED" || state === "REFUSED") && before === undefined && storedAt >= began) {
      const parent = tracer.note({ name: "outbox", from: storedAt, to: now, facts: factsOf(message) });
      underWay.set(id, { parent, at: now });
      const [oldest] = underWay.keys();
      if (underWay.size > maxUnderWay && oldest !== undefined) underWay.delete(oldest);
    } else if (state === "DELIVERED" && before !== undefined) {
      underWay.delete(id);
      tracer.note({ name: "delivery", from: before.at, to: now, parent: before.parent, facts: factsOf(message) });
    }
  };
  return exchange.watch((message) => {
    if (message.box === "out") return noteOwn(message);
    const isArrival = message.state === "VERIFIED" || message.state === "QUARANTINED";
    if (!isArrival || message.storedAt < began) return;
    tracer.note({ name: "arrival", from: message.storedAt, to: clock.now(), facts: factsOf(message) });
  });
} // prettier-ignore
