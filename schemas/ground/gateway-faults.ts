import { caller, type FaultKind, operator } from "./fault-kinds.ts";

/** What a gateway and its command line refuse, beside what every party does. */
export const gatewayFaults = {
  // gateway
  STORE_WRITE_FAILED: operator(503, "The store could not be written", "later"),
  STORE_VERSION_UNKNOWN: operator(500, "The store was made by a newer version", "after-change"),
  IDEMPOTENCY_KEY_MISSING: caller(400, "Idempotency-Key is missing"),
  IDEMPOTENCY_KEY_REUSED: caller(409, "This Idempotency-Key was used for other content"),
  REQUEST_INVALID: caller(400, "The request is not one we understand"),
  REQUEST_TOO_LARGE: caller(413, "The request is larger than allowed"),
  REQUEST_TYPE_UNSUPPORTED: caller(415, "The content type is not one we read"),
  NOT_AUTHENTICATED: caller(401, "Say who you are"),
  NOT_FOUND: caller(404, "There is nothing here for you", "never"),
  TRANSLATION_UNAVAILABLE: caller(
    503,
    "The translation service does not answer as it should",
    "later",
  ),
  TRANSLATION_NOT_ALLOWED: caller(403, "This text may not be given to a translation service"),

  // command line
  USAGE_INVALID: caller(400, "The command is not one we understand"),
  CONTEXT_UNKNOWN: caller(404, "It is not known which gateway to ask"),
  GATEWAY_UNREACHABLE: caller(503, "The gateway does not answer", "later"),
  GATEWAY_TIMEOUT: caller(504, "The gateway did not answer in time", "later"),

  // who asks
  ROLE_MISSING: caller(403, "Your role does not allow this"),
  STEP_UP_NEEDED: caller(403, "Prove again that it is you"),
} as const satisfies Record<string, FaultKind>;
