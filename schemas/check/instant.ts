import type { EpochMs } from "../ground/index.ts";

const spelling =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const dayMs = 86_400_000;

/** Days from 1970-01-01 to a date of the Gregorian calendar; years begin in March while counting. */
function daysFrom1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

/** The days of a month, so that 30 February is no date. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function dateOfDays(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/**
 * The moment an RFC 3339 text names, to the millisecond; undefined when it is not one. `T` and `Z` are
 * capitals, the offset is never left out, leap seconds and finer fractions are not read.
 */
export function parseInstant(text: string): EpochMs | undefined {
  const found = text.length <= 29 ? spelling.exec(text) : null;
  if (found === null) return undefined;
  const at = (group: number): number => Number(found[group] ?? 0);
  const [year, month, day] = [at(1), at(2), at(3)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const ofDay =
    ((at(4) * 60 + at(5)) * 60 + at(6)) * 1000 + Number((found[7] ?? "").padEnd(3, "0"));
  const offset = (at(9) * 60 + at(10)) * 60_000 * (found[8] === "-" ? -1 : 1);
  return daysFrom1970(year, month, day) * dayMs + ofDay - offset;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}

/** RFC 3339 in UTC with milliseconds: `2026-03-09T14:05:00.000Z`. For moments from 1970 to 9999. */
export function renderInstant(at: EpochMs): string {
  const days = Math.floor(at / dayMs);
  const ofDay = at - days * dayMs;
  const [year, month, day] = dateOfDays(days);
  const clock = [ofDay / 3_600_000, (ofDay / 60_000) % 60, (ofDay / 1000) % 60].map(two).join(":");
  const fraction = String(ofDay % 1000).padStart(3, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}.${fraction}Z`;
}
