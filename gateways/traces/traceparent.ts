/** What a caller's `traceparent` says: whose request this is a part of. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

const length = 55;
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const none = /^0+$/;

/** Reads the header as W3C Trace Context 1 has it; one that is not so counts as none. */
export function parseTraceparent(text: string | null): TraceParent | undefined {
  if (text?.length !== length) return undefined;
  const [, traceId = "", spanId = ""] = form.exec(text) ?? [];
  if (traceId === "" || none.test(traceId) || none.test(spanId)) return undefined;
  return { traceId, spanId };
}
