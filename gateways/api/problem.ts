import { z } from "zod";

import { faultSentence, type Language } from "../../schemas/index.ts";
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
  /** In the language that was asked for. */
  readonly title: string;
  readonly status: number;
  /** Only of faults that the caller can do something about. */
  readonly detail?: string;
  readonly instance: string;
  readonly code: FaultCode;
  readonly retry: "never" | "later" | "after-change";
  /** Seconds, where it is known when another try is worth it. */
  readonly retryAfter?: number;
  /** Each thing wrong with one field of what was sent. */
  readonly errors?: readonly FieldError[];
}

/** What is wrong with one field, and where it stands: a JSON Pointer of RFC 6901. */
export interface FieldError {
  readonly pointer: string;
  readonly code: FaultCode;
  readonly detail: string;
}

/** The shape of every problem, as the API's description tells it. */
export const problemShape = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string(),
    retry: z.enum(["never", "later", "after-change"]),
    retryAfter: z.number().optional(),
    errors: z
      .array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional(),
  })
  .meta({ id: "Problem" });

function renderError({ path, code, message }: Violation): FieldError {
  return { pointer: path, code, detail: message };
}

/**
 * Builds the problem of any error. Of what is not a Fault, or is for the operator's eyes, it says the title
 * and the trace id and nothing else.
 *
 * @see RFC 9457 §3
 */
export function makeProblem(error: unknown, traceId: string, lang: Language = "en"): Problem {
  const fault = error instanceof Fault ? error : toFault(error, "INTERNAL");
  const { status, retry, audience } = faults[fault.code];
  const isTold = audience === "caller";
  return {
    type: `/faults/${fault.code}`,
    title: faultSentence(fault.code, lang),
    status,
    ...(isTold ? { detail: fault.detail } : {}),
    instance: `/requests/${traceId}`,
    code: fault.code,
    retry,
    ...(fault.retryAfterSeconds === undefined ? {} : { retryAfter: fault.retryAfterSeconds }),
    ...(isTold && fault.violations.length > 0 ? { errors: fault.violations.map(renderError) } : {}),
  };
}

/** When it is worth another try, where the fault does not say; in seconds. */
const usualWait = 5;

/** The answer that carries a problem; 401 says how to authenticate, "later" when to come back. */
export function renderProblem(problem: Problem, lang: Language = "en"): Response {
  const headers = new Headers({ "content-type": "application/problem+json", "content-language": lang, vary: "accept-language" });
  const { status, retryAfter } = problem;
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="atumpan"');
  if (status === 429 || status === 503) headers.set("retry-after", String(retryAfter ?? usualWait));
  return new Response(JSON.stringify(problem), { status, headers });
} // prettier-ignore

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
