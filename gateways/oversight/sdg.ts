import { findPopulation, type Population } from "./population.ts";
import type { SourceTable } from "./read-tables.ts";
import { type FigureRow, sumFigures } from "./sum-figures.ts";

/** One line of an indicator of Sustainable Development Goal 16. */
export interface SdgRow {
  /** Such as 16.2.2. */
  readonly indicator: string;
  /** ISO 3166-1; empty: all states that told it. */
  readonly state: string;
  readonly sex: string;
  readonly age: string;
  /** A code of TIP_EXPLOITATION. */
  readonly form: string;
  /** Left out: withheld. */
  readonly count?: number | undefined;
  /** For 100,000 of those that live there, with two decimals. */
  readonly rate?: string | undefined;
  readonly population?: number | undefined;
  readonly withheldBy: number;
  readonly sources: readonly string[];
}

/** What the figures do not tell. */
export interface SdgMissing {
  readonly indicator: string;
  readonly why: string;
}

/** The indicators that messages of figures tell of. */
export interface SdgTable {
  readonly rows: readonly SdgRow[];
  readonly missing: readonly SdgMissing[];
}

interface Series {
  readonly indicator: string;
  readonly isOf: (row: FigureRow) => boolean;
}

/** Dimensions that a line of 16.2.2 has; a figure by anything else is a part of one of them. */
const ofVictims: ReadonlySet<string> = new Set(["state", "sex", "ageBand", "exploitation"]);
const ofHomicide: ReadonlySet<string> = new Set(["state", "sex", "iccs"]);
/** Intentional homicide, and nothing below it. */
const homicide = "0101";

function isBy({ of }: FigureRow, names: ReadonlySet<string>): boolean {
  return Object.keys(of).every((name) => names.has(name));
}

const series: readonly Series[] = [
  {
    indicator: "16.1.1",
    isOf: (row) => row.type === "statistics.crime" && row.indicator === "VICTIMS" && row.of["iccs"] === homicide && isBy(row, ofHomicide),
  },
  {
    indicator: "16.2.2",
    isOf: (row) => row.type === "tip.statistics" && row.indicator === "VICTIMS_DETECTED" && isBy(row, ofVictims),
  },
]; // prettier-ignore

/** What no message of figures has a place for. */
const never: readonly SdgMissing[] = [
  { indicator: "16.3.2", why: "no message of figures tells how many prisoners there are, and how many of them are not sentenced" },
  { indicator: "16.4.2", why: "no message of figures tells how many of the arms seized were traced; statistics.crime tells how many were seized" },
]; // prettier-ignore

const perPersons = 100_000;
const decimals = 2;

function rateOf(count: number | undefined, population: number | undefined): string | undefined {
  if (count === undefined || population === undefined) return undefined;
  return ((count * perPersons) / population).toFixed(decimals);
}

function renderRow(indicator: string, row: FigureRow, { population, states }: { readonly population: readonly Population[]; readonly states: readonly string[] }): SdgRow {
  const { state = "", sex = "", ageBand: age = "", exploitation: form = "" } = row.of;
  const persons = findPopulation(population, state === "" ? states : [state], { sex, age });
  const rate = rateOf(row.count, persons);
  return {
    indicator, state, sex, age, form,
    ...(row.count === undefined ? {} : { count: row.count }),
    ...(rate === undefined ? {} : { rate, population: persons }),
    withheldBy: row.withheldBy,
    sources: row.sources,
  };
} // prettier-ignore

/** The states whose messages a row was summed from. */
function statesOf(row: FigureRow, tables: readonly SourceTable[]): readonly string[] {
  const own = new Set(row.sources);
  return [...new Set(tables.filter(({ id }) => own.has(id)).map(({ country }) => country))];
}

/** Rates for less than a year are of that time, not of a year; the time stands in the file. */
export async function makeSdg(tables: readonly SourceTable[], population: readonly Population[]): Promise<SdgTable> {
  const figures = [...(await sumFigures(tables, "region")), ...(await sumFigures(tables, "state"))];
  const rows = series.flatMap(({ indicator, isOf }) =>
    figures.filter(isOf).map((row) => renderRow(indicator, row, { population, states: statesOf(row, tables) })),
  );
  const untold = series
    .filter(({ indicator }) => !rows.some((row) => row.indicator === indicator))
    .map(({ indicator }): SdgMissing => ({ indicator, why: "no message of figures of this time tells it" }));
  const ratesLeft = population.length === 0 && rows.length > 0 ? [{ indicator: "rates", why: "no population was brought" }] : [];
  return { rows, missing: [...untold, ...never, ...ratesLeft] };
} // prettier-ignore
