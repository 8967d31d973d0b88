import { now } from "./clock.ts";

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** A new id for a draft: it begins with the time, the rest is chance. @see RFC 9562 §5.7 */
export function makeUuid(): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = crypto.getRandomValues(new Uint16Array(5));
  const time = hex(now(), 12);
  const rest = [hex(0x7000 | (a & 0x0fff), 4), hex(0x8000 | (b & 0x3fff), 4)].join("-");
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest}-${hex(c, 4)}${hex(d, 4)}${hex(e, 4)}`;
}
