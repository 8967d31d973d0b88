import { Fault } from "../../schemas/ground/index.ts";
import type { ListQuery } from "../exchange/index.ts";

const maxLimit = 200;
const defaultLimit = 50;

/** How each parameter of a list is spelt, and how to say so. */
const spellings = {
  box: [/^(?:in|out)$/, "in or out"],
  state: [
    /^(?:QUEUED|ACCEPTED|DELIVERED|REFUSED|EXPIRED|VERIFIED|QUARANTINED)$/,
    "QUEUED, ACCEPTED, DELIVERED, REFUSED, EXPIRED, VERIFIED or QUARANTINED",
  ],
  type: [/^[a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30}$/, "a message type, such as alert.incident"],
  crime: [/^[a-z]{2,12}$/, "a crime, such as drugs"],
  cursor: [/^[A-Za-z0-9._~:-]{1,200}$/, "the cursor of the page before, unchanged"],
  limit: [/^[1-9][0-9]{0,2}$/, `a number from 1 to ${maxLimit}`],
} as const;

type Parameter = keyof typeof spellings;

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(spellings, name);
}

function readParameters(search: URLSearchParams): Partial<Record<Parameter, string>> {
  const read: Partial<Record<Parameter, string>> = {};
  for (const [name, value] of search) {
    if (!isParameter(name)) {
      const known = Object.keys(spellings).join(", ");
      throw new Fault("REQUEST_INVALID", `a query parameter is none of ${known}`);
    }
    const [pattern, says] = spellings[name];
    if (!pattern.test(value) || read[name] !== undefined) {
      throw new Fault("REQUEST_INVALID", `${name} is ${says}, once`);
    }
    read[name] = value;
  }
  return read;
}

/**
 * Reads the query of a list of messages; the inbox and 50 items when it does not say.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseListQuery(search: URLSearchParams): ListQuery {
  const { box = "in", limit = String(defaultLimit), ...rest } = readParameters(search);
  if (Number(limit) > maxLimit) {
    throw new Fault("REQUEST_INVALID", `limit is ${spellings.limit[1]}`);
  }
  return { ...rest, box: box === "out" ? "out" : "in", limit: Number(limit) };
}

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
