import { parseInstant } from "../../schemas/check/index.ts";
import type { Chance } from "../../schemas/ground/index.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits between tries as the Standard Webhooks specification has them; the last one goes on. */
const waits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
const longest = 24 * hour;
/** Failing for so long, it is disabled. */
export const patienceMs = 5 * 24 * hour;

/** A number from 0 to 1. */
function draw(chance: Chance): number {
  return Buffer.from(chance.bytes(4)).readUInt32BE() / 2 ** 32;
}

/** How long to wait after so many tries that failed: up to a fifth more than the schedule, so that not all come back at once. */
export function retryDelay(tries: number, chance: Chance): number {
  const wait = waits[Math.min(Math.max(tries, 1), waits.length) - 1] ?? longest;
  return Math.round(wait * (1 + draw(chance) / 5));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dateSpelling =
  /^[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT$/;

/** A date as HTTP writes it (RFC 9110 §5.6.7), in its preferred form. */
function parseHttpDate(text: string): number | undefined {
  const [, day = "", month = "", year = "", time = ""] = dateSpelling.exec(text) ?? [];
  const place = String(months.indexOf(month) + 1).padStart(2, "0");
  return parseInstant(`${year}-${place}-${day}T${time}.000Z`);
}

/**
 * How long a receiver asks us to stay away, by Retry-After in seconds or as a date; undefined where it says nothing we read.
 * Never less than five seconds and never more than a day.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.length > 40) return undefined;
  const seconds = /^[0-9]{1,9}$/.test(header) ? Number(header) : undefined;
  const until = seconds === undefined ? parseHttpDate(header) : now + seconds * second;
  return until === undefined ? undefined : Math.min(longest, Math.max(5 * second, until - now));
} // prettier-ignore
