import {
  Fault,
  type FaultCode,
  faults,
  toFault,
  type Violation,
} from "../../schemas/ground/index.ts";

/** A fault as RFC 9457 says it to whoever asked. */
export interface Problem {
  /** Path of the page that explains the code; served by this gateway. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Only of faults that the caller can do something about. */
  readonly detail?: string;
  readonly instance: string;
  readonly code: FaultCode;
  readonly retry: "never" | "later" | "after-change";
  readonly violations?: readonly Violation[];
}

/**
 * Builds the problem of any error. Of what is not a Fault, or is for the operator's eyes, it says the title
 * and the trace id and nothing else.
 *
 * @see RFC 9457 §3
 */
export function makeProblem(error: unknown, traceId: string): Problem {
  const fault = error instanceof Fault ? error : toFault(error, "INTERNAL");
  const { title, status, retry, audience } = faults[fault.code];
  return {
    type: `/faults/${fault.code}`,
    title,
    status,
    ...(audience === "caller" ? { detail: fault.detail } : {}),
    instance: `/requests/${traceId}`,
    code: fault.code,
    retry,
    ...(audience === "caller" && fault.violations.length > 0
      ? { violations: fault.violations }
      : {}),
  };
}

/** The answer that carries a problem; 401 says how to authenticate, "later" when to come back. */
export function renderProblem(problem: Problem): Response {
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (problem.status === 401) headers.set("www-authenticate", 'Bearer realm="atumpan"');
  if (problem.status === 429 || problem.status === 503) headers.set("retry-after", "5");
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/**
 * Where in our code an error was made, as `file.ts:line`: the one thing of an unexpected error that is safe
 * to log, for its text may hold content.
 */
export function placeOf(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  const stack = root instanceof Error ? (root.stack ?? "") : "";
  return /([a-z0-9-]+\.ts:\d+):\d+/.exec(stack)?.[1] ?? "unknown";
}
