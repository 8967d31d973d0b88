import type { descriptors } from "../../../schemas/index.ts";
import { parseInstant, renderInstant } from "../../../schemas/index.ts";
import { Fault } from "../../../schemas/ground/index.ts";

/** How dates stand in a file that has none of ISO 8601; left out, only those of ISO 8601 are read. */
export interface FlatDates {
  /** Which comes first in 03/09/2026. */
  readonly order: "DMY" | "MDY";
  /** What the clocks of the sheet say against UTC, such as +01:00. */
  readonly offset: string;
}

/** How the cells of one file are read. */
export interface CellReading {
  readonly dates?: FlatDates | undefined;
  /** Whether 4,6 is a number: so in files that are divided by semicolons. */
  readonly hasDecimalComma: boolean;
}

type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Day 0 of the sheets that count from 1900, with the leap day that never was. */
const sheetZeroMs = -2_209_161_600_000;
/** Smaller ones would be taken for years, and before 61 all is one day off: older days are written out. */
const firstSheetDay = 10_000;
const lastSheetDay = 110_000;

const yes = new Set(["true", "1", "vrai", "verdadeiro", "verdadero", "kweli"]);
const no = new Set(["false", "0", "faux", "falso", "uongo"]);

function refuse(says: string): never {
  throw new Fault("IMPORT_ROW_MALFORMED", says);
}

function readNumber(text: string, { hasDecimalComma }: CellReading): number {
  const spelt = hasDecimalComma ? text.replace(",", ".") : text;
  if (!/^-?\d{1,15}(?:\.\d{1,15})?$/.test(spelt)) refuse("a cell is not a number");
  return Number(spelt);
}

function readFlag(text: string): boolean {
  const word = text.toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : refuse("a cell is neither TRUE nor FALSE");
}

function readOffset(offset: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Milliseconds of a day of the sheet's own clock; of the 30 February there are none. */
function momentOf({ year, month, day }: Day): number {
  const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return parseInstant(`${text}T00:00:00.000Z`) ?? refuse("a cell names a day that is none");
}

const unclear =
  "a cell has a date that can be read two ways; write 2026-03-09, or set drop.csv.dates";

/** A sheet's own count of days; the part after the point is the time of day. */
function readSerial(text: string): number | undefined {
  if (!/^\d{2,6}(?:[.,]\d{1,12})?$/.test(text)) return undefined;
  const days = Number(text.replace(",", "."));
  if (days < firstSheetDay || days > lastSheetDay) refuse("a cell is not a sheet's day number");
  return sheetZeroMs + Math.round(days * 86_400) * 1000;
}

function readClock([hours = 0, minutes = 0, seconds = 0]: readonly number[]): number {
  if (hours > 23 || minutes > 59 || seconds > 59) refuse("a cell names a time that is none");
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

const slashed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?)?$/;

function readSlashed(given: string, { order }: FlatDates): number | undefined {
  const isDayFirst = order === "DMY";
  const turned = given.replace(/^(\d{4})-(\d\d)-(\d\d)/, isDayFirst ? "$3-$2-$1" : "$2-$3-$1");
  const found = slashed.exec(turned.replace(/ {1,4}/, " "));
  if (found === null) return undefined;
  const pieces = found.slice(1).map((piece: string | undefined) => Number(piece ?? 0));
  const [first = 0, second = 0, year = 0, ...clock] = pieces;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return momentOf({ year, month, day }) + readClock(clock);
}

/** A moment of the sheet's own clock, which has no zone. */
function readLocal(text: string, { dates }: CellReading): number {
  if (dates === undefined) refuse(unclear);
  return readSerial(text) ?? readSlashed(text, dates) ?? refuse(unclear);
}

function readTime(text: string, reading: CellReading): string {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return text;
  const { dates } = reading;
  const local = readLocal(text, reading);
  return renderInstant(local - readOffset(dates?.offset ?? "+00:00"));
}

/** A day has no zone, so the sheet's own is the day that is meant. */
function readDay(text: string, reading: CellReading): Day {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year !== undefined) return { year: Number(year), month: Number(month), day: Number(day) };
  const at = reading.dates === undefined ? readSerial(text) : readLocal(text, reading);
  if (at === undefined) refuse(unclear);
  const [y, m, d] = renderInstant(at).slice(0, 10).split("-").map(Number);
  return { year: y ?? 0, month: m ?? 0, day: d ?? 0 };
}

/** Whether a field is a day, which one cell can say. */
export function isDay({ fields }: { readonly fields: readonly Field[] }): boolean {
  const names = new Set(fields.map(({ name }) => name));
  return ["year", "month", "day"].every((name) => names.has(name));
}

function readOne(text: string, field: Field, reading: CellReading): unknown {
  switch (field.kind) {
    case "message":
      return readDay(text, reading);
    case "bool":
      return readFlag(text);
    case "time":
      return readTime(text, reading);
    case "uint32":
    case "sint32":
    case "double":
      return readNumber(text, reading);
    default:
      return text;
  }
}

const maxValues = 200;

/**
 * A cell in the JSON form of its field. Several values of one field are divided by `|`. Dates are those of ISO 8601,
 * or a sheet's own once it is said how they are meant: none is guessed.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED
 */
export function readCell(text: string, field: Field, reading: CellReading): unknown {
  if (!field.repeated) return readOne(text, field, reading);
  const pieces = text.split("|", maxValues + 1).map((piece) => piece.trim());
  if (pieces.length > maxValues) refuse(`a cell has more than ${maxValues} values`);
  return pieces.filter((piece) => piece !== "").map((piece) => readOne(piece, field, reading));
}
