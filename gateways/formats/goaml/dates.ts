import { daysInMonth, parseInstant } from "../../../schemas/check/index.ts";
import type { Json } from "./values.ts";

const moment =
  /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.0{1,9})?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date that exists, as PartialDate. */
function readDate(text: string): Json | undefined {
  const found = text.length <= 40 ? moment.exec(text) : null;
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  if (year < 1800 || year > 2200 || month < 1 || month > 12) return undefined;
  return day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : undefined;
}

/** A date alone: a time of day other than midnight would be lost, so it is not read as one. */
export function readDay(text: string): Json | undefined {
  return text.length === 10 || /T00:00:00(?:\.0{1,9})?$/.test(text) ? readDate(text) : undefined;
}

/** GoamlMoment. Midnight without an offset is how goAML writes a date alone. */
export function readMoment(text: string): Json | undefined {
  const date = readDate(text);
  const found = text.length <= 40 ? moment.exec(text) : null;
  if (date === undefined || found === null) return undefined;
  const [, , , , hour, minute, second, offset] = found;
  if (hour === undefined) return { date };
  if (offset !== undefined) return readWithOffset(text, date);
  if (hour === "00" && minute === "00" && second === "00") return { date };
  return {
    date,
    localTime: `${hour}:${minute}`,
    second: second === "00" ? undefined : Number(second),
  };
}

function readWithOffset(text: string, date: Json): Json | undefined {
  const instant = text.replace(/\.0+/, "");
  const at = parseInstant(instant);
  if (at === undefined || at < 0 || at > 0xffff_ffff * 1000) return undefined;
  const [hour = "", minute = "", second = ""] = instant.slice(11, 19).split(":");
  return {
    date,
    localTime: `${hour}:${minute}`,
    second: second === "00" ? undefined : Number(second),
    at: instant,
  };
}
