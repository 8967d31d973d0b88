import type { CountDimension, DaySpan } from "./cell.ts";
import { hideCells } from "./hide-cells.ts";
import { countRuns, makePositions, type Positions, type Run } from "./positions.ts";

/** What is counted, and over which time. */
export interface CountWish extends DaySpan {
  /** What it is counted by; all in one figure when there is none. */
  readonly by: readonly CountDimension[];
}

/** One figure: how many entries, and where they stand; or that it is withheld. */
export interface CountRow {
  readonly of: Readonly<Record<string, string>>;
  readonly count?: number | undefined;
  readonly positions?: Positions | undefined;
}

/** Figures counted from a log up to a size, with the signed note of a log that goes on from there. */
export interface CountTable extends CountWish {
  /** The log's origin. */
  readonly log: string;
  /** How many of its entries were looked at, from the first on. */
  readonly size: number;
  /** The signed note of a log of that size or a greater one. */
  readonly checkpoint: string;
  /** Figures below it are withheld, and others with them; 0: none is. */
  readonly smallest: number;
  readonly rows: readonly CountRow[];
}

/** A figure before anything of it is withheld. */
export interface RawRow {
  readonly of: Readonly<Record<string, string>>;
  readonly count: number;
  readonly positions: Positions;
}

/** A figure of entries that rise; all positions are told or the first of them. */
export function makeRow(of: RawRow["of"], runs: readonly Run[], isAll: boolean): RawRow {
  return { of, count: countRuns(runs), positions: makePositions(runs, isAll) };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What figures are put in order by. */
export function keyOf(of: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.values(of));
}

/** The figures of a table as they are told: in order, the small ones withheld. */
export function tellRows(rows: readonly RawRow[], { by, smallest }: Pick<CountTable, "by" | "smallest">): readonly CountRow[] {
  const ordered = rows.toSorted((a, b) => compare(keyOf(a.of), keyOf(b.of)));
  const hidden = hideCells(ordered, by, smallest);
  return ordered.map((row, at) => (hidden.has(at) ? { of: row.of } : row));
} // prettier-ignore
