import { Fault } from "../../schemas/ground/index.ts";

const agencySpelling = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;

/**
 * The agency that a copy is given to, when the query names one.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseCopyReceiver(search: URLSearchParams): string | undefined {
  const [[name, value] = ["to", undefined], ...more] = search;
  if (name !== "to" || more.length > 0 || (value !== undefined && !agencySpelling.test(value))) {
    throw new Fault("REQUEST_INVALID", "a copy takes one parameter: to, an agency such as gh/tcu");
  }
  return value;
}

const keySpelling = /^[\u0021-\u007e]{1,200}$/;

/**
 * The Idempotency-Key of a request.
 *
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, REQUEST_INVALID
 */
export function parseIdempotencyKey(header: string | null): string {
  if (header === null || header === "") {
    throw new Fault(
      "IDEMPOTENCY_KEY_MISSING",
      "send an Idempotency-Key that is new to each message",
    );
  }
  if (!keySpelling.test(header)) {
    throw new Fault("REQUEST_INVALID", "an Idempotency-Key has 1 to 200 visible ASCII characters");
  }
  return header;
}
