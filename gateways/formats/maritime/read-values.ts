import { daysInMonth } from "../../../schemas/check/index.ts";
import type { IncidentTime } from "../../../schemas/index.ts";
import { Fault } from "../../../schemas/ground/index.ts";
import alpha3 from "./alpha3.json" with { type: "json" };
import { cellText, type Column, type MaritimeRow } from "./row.ts";

const codesOfCountries: Readonly<Record<string, string>> = alpha3;
const number = /^-?\d{1,9}(?:\.\d{1,20})?(?:[eE]-?\d{1,3})?$/;
const date = /^(\d{4})-(\d{2})-(\d{2})$/;
const time = /^(\d{2}:\d{2})( UTC)?$/;
const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function readNumber(row: MaritimeRow, column: Column): number | undefined {
  const text = cellText(row, column);
  if (text === undefined) return undefined;
  return number.test(text) ? Number(text) : Number.NaN;
}

/**
 * The position of a row in degrees.
 *
 * @throws {Fault} IMPORT_ROW_POSITION
 */
export function readPosition(row: MaritimeRow): { lat: number; lon: number } {
  const lat = readNumber(row, "latitude");
  const lon = readNumber(row, "longitude");
  if (lat === undefined || lon === undefined || !(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
    throw new Fault(
      "IMPORT_ROW_POSITION",
      "latitude is from -90 to 90 and longitude from -180 to 180, in degrees",
    );
  }
  return { lat, lon };
}

/**
 * The distance to the shore in whole metres; the source counts kilometres.
 *
 * @throws {Fault} IMPORT_ROW_NUMBER
 */
export function readShoreDistance(row: MaritimeRow): number | undefined {
  const kilometres = readNumber(row, "shore_distance");
  if (kilometres === undefined) return undefined;
  // no place at sea is farther from land than 2,700 km (Point Nemo)
  if (kilometres >= 0 && kilometres <= 2_700) return Math.round(kilometres * 1000);
  throw new Fault("IMPORT_ROW_NUMBER", "shore_distance is from 0 to 2700 kilometres");
}

function readDate(row: MaritimeRow): IncidentTime["date"] {
  const [year = 0, month = 0, day = 0] =
    date.exec(row.cells.date.trim())?.slice(1).map(Number) ?? [];
  const isDate = year >= 1800 && year <= 2200 && month >= 1 && month <= 12;
  if (!isDate || day < 1 || day > daysInMonth(year, month)) {
    throw new Fault("IMPORT_ROW_DATE", "date is a day of the calendar, such as 2015-01-14");
  }
  return { year, month, day };
}

/**
 * When it happened. A time without "UTC" is the ship's local time in this source, and its zone is not
 * said: it is not made into a UTC time, so the time counts as not known.
 *
 * @throws {Fault} IMPORT_ROW_DATE, IMPORT_ROW_TIME
 */
export function readOccurred(row: MaritimeRow): IncidentTime {
  const day = readDate(row);
  const text = cellText(row, "time");
  if (text === undefined) return { date: day, timeKnown: "UNKNOWN" };
  const [, clock = "", zone] = time.exec(text) ?? [];
  if (!timeOfDay.test(clock)) {
    throw new Fault("IMPORT_ROW_TIME", "time is from 00:00 to 23:59, such as 21:30 UTC, or NA");
  }
  return zone === undefined
    ? { date: day, timeKnown: "UNKNOWN" }
    : { date: day, timeUtc: clock, timeKnown: "KNOWN" };
}

/**
 * A country in two letters. Namibia's code NA is never confused with the source's "not available": the
 * source writes three letters.
 *
 * @throws {Fault} IMPORT_ROW_COUNTRY
 */
export function readCountry(
  row: MaritimeRow,
  column: "eez_country" | "nearest_country",
): string | undefined {
  const code = cellText(row, column);
  if (code === undefined) return undefined;
  if (Object.hasOwn(codesOfCountries, code)) return codesOfCountries[code];
  throw new Fault("IMPORT_ROW_COUNTRY", `${column} is no three-letter code of ISO 3166-1`);
}
