import { renderInstant } from "../body/index.ts";
import type { EpochMs } from "../ground/index.ts";

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formatters.set(zone, made);
  return made;
}

/** Whether the runtime knows a time zone of the IANA database by this name. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/.test(zone)) return false;
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

function localParts(at: EpochMs, zone: string): { date: string; time: string } {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    date: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}

/**
 * A moment in UTC, to the minute or as exactly as it is given, and beside it the clock of the reader:
 * `2026-03-09 23:30 UTC, 2026-03-10 00:30 Africa/Lagos`. Year, month, day: no language reads it otherwise.
 */
export function renderMoment(at: EpochMs, zone: string): string {
  const [date = "", time = ""] = renderInstant(at).replace("Z", "").split("T");
  const utc = `${date} ${time.replace(/(?::00)?\.000$/, "")} UTC`;
  if (zone === "UTC") return utc;
  const local = localParts(at, zone);
  return `${utc}, ${local.date === date ? "" : `${local.date} `}${local.time} ${zone}`;
}
