/**
 * Traces inside one agency: how long requests and messages took at this gateway, for a collector of its own people.
 *
 * Promises: off unless the operator names a collector; nothing goes anywhere else; no message, person, agency or word of anybody
 * is in a span; nothing waits for the collector or fails without it. Start at `tracer.ts`.
 */
export { parseTraceparent, type TraceParent } from "./traceparent.ts";
export { makeTracer, type Tracer, type TracesChoice, tracesShape } from "./tracer.ts";
export { traceMessages } from "./trace-messages.ts";
