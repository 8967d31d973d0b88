import { parseInstant } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { ListFilter, ListQuery } from "../exchange/index.ts";

const maxLimit = 200;
const defaultLimit = 50;
/** A filter has so many values at most. */
const maxValues = 12;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Spelling = readonly [pattern: RegExp, says: string];

/** How each parameter of a list is spelt, and how to say so. */
const spellings = {
  box: [/^(?:in|out)$/, "in or out"],
  state: [
    /^(?:QUEUED|ACCEPTED|DELIVERED|REFUSED|EXPIRED|VERIFIED|ERASED|QUARANTINED)$/,
    "QUEUED, ACCEPTED, DELIVERED, REFUSED, EXPIRED, VERIFIED, ERASED or QUARANTINED",
  ],
  since: [instant, "a time with its zone, such as 2026-03-09T14:05:00Z"],
  until: [instant, "a time with its zone, such as 2026-03-09T14:05:00Z"],
  opened: [/^NO$/, "NO: what nobody here has read"],
  order: [/^due$/, "due, or left out for newest first"],
  count: [/^true$/, "true, or left out"],
  cursor: [/^[A-Za-z0-9._~:-]{1,200}$/, "the cursor of the page before, unchanged"],
  limit: [/^[1-9][0-9]{0,2}$/, `a number from 1 to ${maxLimit}`],
  q: [/^[^]{1,200}$/, "1 to 200 characters"],
} as const satisfies Readonly<Record<string, Spelling>>;

/** Filters take several values with commas between them; one of them has to hold. */
const filters: Readonly<Record<ListFilter, Spelling>> = {
  type: [/^[a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30}$/, "a message type, such as alert.incident"],
  crime: [/^[a-z]{2,12}$/, "a crime, such as drugs"],
  country: [/^[A-Z]{2}$/, "a country that is named in it or that it comes from, such as NG"],
  originator: [/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/, "an agency, such as gh/tcu"],
  rec: [/^[a-z]{2,12}$/, "a community, such as ecowas"],
  handling: [/^H[0-3]$/, "H0, H1, H2 or H3"],
  urgency: [/^[A-Z][A-Z_]{1,30}$/, "a code of URGENCY"],
  thread: [uuid, "the id of a thread"],
};

type Single = keyof typeof spellings;

function isSingle(name: string): name is Single {
  return Object.hasOwn(spellings, name);
}

function isFilter(name: string): name is ListFilter {
  return Object.hasOwn(filters, name);
}

interface Read {
  readonly single: Partial<Record<Single, string>>;
  readonly filters: Partial<Record<ListFilter, readonly string[]>>;
}

function refuse(name: string, says: string): never {
  throw new Fault("REQUEST_INVALID", `${name} is ${says}, once`);
}

function readFilter(read: Read, name: ListFilter, value: string): void {
  const [pattern, says] = filters[name];
  const values = value.length > 600 ? [] : value.split(",");
  const isGood = values.length > 0 && values.length <= maxValues;
  if (!isGood || read.filters[name] !== undefined || !values.every((one) => pattern.test(one))) {
    refuse(name, `${says}, or up to ${maxValues} with commas between`);
  }
  read.filters[name] = values;
}

function readParameters(search: URLSearchParams): Read {
  const read: Read = { single: {}, filters: {} };
  for (const [name, value] of search) {
    if (isFilter(name)) readFilter(read, name, value);
    else if (isSingle(name)) {
      const [pattern, says] = spellings[name];
      if (!pattern.test(value) || read.single[name] !== undefined) refuse(name, says);
      read.single[name] = value;
    } else {
      const known = [...Object.keys(spellings), ...Object.keys(filters)].filter(
        (one) => one !== "q",
      );
      throw new Fault("REQUEST_INVALID", `a query parameter is none of ${known.join(", ")}`);
    }
  }
  return read;
}

function readTime(name: "since" | "until", text: string | undefined): Partial<ListQuery> {
  if (text === undefined) return {};
  const time = parseInstant(text);
  return time === undefined ? refuse(name, spellings[name][1]) : { [name]: time };
}

/**
 * Reads what a list is asked for, without a box where nothing says one; 50 items when it does not say.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseListWish(search: URLSearchParams): ListQuery {
  const { single, filters: chosen } = readParameters(search);
  const {
    box,
    state,
    since,
    until,
    opened,
    order,
    count,
    cursor,
    limit = String(defaultLimit),
    q,
  } = single;
  if (Number(limit) > maxLimit) refuse("limit", spellings.limit[1]);
  return {
    limit: Number(limit),
    filters: chosen,
    ...(box === undefined ? {} : { box: box === "out" ? "out" : "in" }),
    ...(state === undefined ? {} : { state }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(opened === undefined ? {} : { isUnopened: true }),
    ...(order === undefined ? {} : { order: "due" }),
    ...(q === undefined ? {} : { q }),
    ...(count === undefined ? {} : { isCounted: true }),
    ...readTime("since", since),
    ...readTime("until", until),
  };
}

/**
 * Reads the same from the members of a body.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseListMembers(members: Readonly<Record<string, unknown>>): ListQuery {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (typeof value === "string" || typeof value === "number") search.set(name, String(value));
  }
  return parseListWish(search);
}

/**
 * Reads the query of a list of messages; the inbox where it does not say. A text to look for has no place in it: addresses
 * are written down by machines on the way, and names are not theirs to keep.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseListQuery(search: URLSearchParams): ListQuery {
  if (search.has("q")) {
    throw new Fault(
      "REQUEST_INVALID",
      "a text to look for goes into the body of POST /v1/messages:search",
    );
  }
  return { box: "in", ...parseListWish(search) };
}
