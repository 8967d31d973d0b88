import type { components } from "./api-types.ts";

/** A no of the gateway, RFC 9457. */
export type Problem = components["schemas"]["Problem"];

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  return "code" in value && typeof value.code === "string" && "retry" in value && "title" in value;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // what is no JSON is no problem of a gateway; its text is nothing to show
    return undefined;
  }
}

/**
 * What is thrown when the gateway says no. Switch on `code`; the table of codes is the gateway's /docs. `retry` says whether
 * the same request may succeed later, and `errors` which fields are wrong, each with its JSON Pointer.
 */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retry: Problem["retry"];
  readonly errors: NonNullable<Problem["errors"]>;
  /** Seconds, where the gateway says when to come back. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.detail ?? problem?.title ?? `what answers there is no gateway (${status})`);
    this.name = "ProblemError";
    this.status = status;
    this.code = problem?.code ?? "GATEWAY_UNREACHABLE";
    this.retry = problem?.retry ?? "later";
    this.errors = problem?.errors ?? [];
    this.retryAfter = problem?.retryAfter;
  }
}

/** The error of an answer that is no success. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const value = await readJson(response);
  return new ProblemError(response.status, isProblem(value) ? value : undefined);
}
