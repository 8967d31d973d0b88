import { faults, type FaultCode } from "./faults.ts";

/** One thing wrong with one field, as a caller can mend it. */
export interface Violation {
  /** JSON Pointer (RFC 6901) into what the caller sent; "" is the whole. */
  readonly path: string;
  readonly code: FaultCode;
  /** What is wrong and what is allowed. Never the offending content. */
  readonly message: string;
}

/** What a fault may carry besides its code and detail. */
export interface FaultOptions {
  readonly cause?: unknown;
  readonly violations?: readonly Violation[];
  /** Of what may succeed later: when it is worth another try. */
  readonly retryAfterSeconds?: number;
}

/**
 * The one error of this project. Callers branch on `code`, never on the text.
 *
 * `detail` names facts: the field, the limit, the way out. It never holds message content, key material
 * or another party's data, because it is written to logs and shown to callers.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: string;
  readonly violations: readonly Violation[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FaultCode, detail: string, options: FaultOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.detail = detail;
    this.violations = options.violations ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Whether the same act may succeed later, never, or after the caller changed something. */
  get retry(): "never" | "later" | "after-change" {
    return faults[this.code].retry;
  }
}

/** `error` itself when it is a Fault already; else a Fault of `code` that keeps it as its cause. */
export function toFault(error: unknown, code: FaultCode, detail?: string): Fault {
  if (error instanceof Fault) return error;
  return new Fault(code, detail ?? faults[code].title, { cause: error });
}

/** Whether `error` is a Fault, and of that code when one is given. */
export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code);
}
