import { type LogLeaf, parseLogLeaf, renderInstant } from "../../schemas/index.ts";
import { type Bytes, isFault } from "../../schemas/ground/index.ts";

/** What entries of a log may be counted by; the day and the month are those of the hub's clock, in UTC. */
export const countDimensions = [
  "day",
  "month",
  "kind",
  "rec",
  "crime",
  "handling",
  "family",
  "type",
  "country",
  "act",
] as const;

/** One of `countDimensions`. */
export type CountDimension = (typeof countDimensions)[number];

/** What an entry is counted under: its day, and of what it says all but who and which one. Empty where it does not say. */
export type LeafCell = Readonly<Record<Exclude<CountDimension, "month">, string>>;

const dayChars = 10;
const monthChars = 7;

function read(bytes: Bytes): LogLeaf | undefined {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** What leaves of feeds say, and what of it others leave empty. */
const feedNames = ["rec", "crime", "handling", "family", "type"] as const;

function countryOf({ origin = "" }: LogLeaf): string {
  return origin.slice(0, Math.max(0, origin.indexOf("/")));
}

const unreadable: LeafCell = {
  day: "",
  kind: "UNREADABLE",
  rec: "",
  crime: "",
  handling: "",
  family: "",
  type: "",
  country: "",
  act: "",
};

/**
 * The cell of an entry. One that is no leaf is counted too, as UNREADABLE and of no day: nothing of a log may go uncounted.
 * Of an agency its country alone is kept.
 */
export function cellOf(bytes: Bytes): LeafCell {
  const leaf = read(bytes);
  if (leaf === undefined) return unreadable;
  const said = Object.fromEntries(feedNames.map((name) => [name, leaf[name] ?? ""]));
  return { ...unreadable, ...said, day: renderInstant(leaf.time).slice(0, dayChars), kind: leaf.kind, country: countryOf(leaf), act: leaf.act ?? "" };
} // prettier-ignore

/** What a cell is under one dimension. */
export function valueOf(cell: LeafCell, dimension: CountDimension): string {
  return dimension === "month" ? cell.day.slice(0, monthChars) : cell[dimension];
}

/** From a day on, and before a day; each left out where time does not matter. */
export interface DaySpan {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** Whether a cell's day lies in a span. What has no day lies in that of all time alone. */
export function isWithin({ day }: Pick<LeafCell, "day">, { from, until }: DaySpan): boolean {
  if (day === "") return from === undefined && until === undefined;
  return (from === undefined || day >= from) && (until === undefined || day < until);
}
