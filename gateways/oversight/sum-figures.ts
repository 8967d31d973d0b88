import { setImmediate as turn } from "node:timers/promises";

import { Fault } from "../../schemas/ground/index.ts";
import { addDecimals } from "../../schemas/tables/index.ts";
import { hideFigures, type SummedFigure } from "./hide-figures.ts";
import type { SourceTable, TableCell } from "./read-tables.ts";

/** A figure summed over what several agencies told. */
export interface FigureRow {
  /** Of which messages. */
  readonly type: string;
  readonly indicator: string;
  /** What it is counted by; `state` first where figures are told by state. */
  readonly of: Readonly<Record<string, string>>;
  /** Left out: withheld, here or by all who told it. */
  readonly count?: number | undefined;
  readonly quantity?: { readonly value: string; readonly unit: string } | undefined;
  /** How many of the messages withheld their part; what is told is then at least so much. */
  readonly withheldBy: number;
  /** Whether rounded or estimated numbers are in it. */
  readonly isRounded: boolean;
  /** How many states told it. */
  readonly states: number;
  /** The messages it was summed from. */
  readonly sources: readonly string[];
}

/** By region: one sum of all states; by state: each by itself. */
export type SumBy = "region" | "state";

/** Figures of which nobody's number follows. */
const things: ReadonlySet<string> = new Set(["INCIDENTS", "REQUESTS_SENT", "SEIZURES", "QUANTITY_SEIZED"]); // prettier-ignore
/** Below this no sum is told, whatever senders chose: the threshold of the tables that gateways make. */
const leastSmallest = 11;
const maxCells = 200_000;

interface Part {
  readonly cell: TableCell;
  readonly table: SourceTable;
}

interface Sum {
  readonly type: string;
  readonly indicator: string;
  readonly of: Readonly<Record<string, string>>;
  readonly parts: Part[];
}

async function groupParts(tables: readonly SourceTable[], by: SumBy): Promise<readonly Sum[]> {
  const sums = new Map<string, Sum>();
  for (const table of tables) {
    await turn();
    for (const cell of table.cells) {
      const { indicator, under, quantity } = cell;
      // what several were paid has no sum
      if (indicator === "PRICE") continue;
      const of = { ...(by === "state" ? { state: table.country } : {}), ...under };
      const key = JSON.stringify([table.type, indicator, quantity?.unit ?? "", of]);
      const sum: Sum = sums.get(key) ?? { type: table.type, indicator, of, parts: [] };
      sum.parts.push({ cell, table });
      sums.set(key, sum);
    }
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
} // prettier-ignore

function smallestOf({ indicator, parts }: Sum): number {
  if (things.has(indicator)) return 0;
  return Math.max(leastSmallest, ...parts.map(({ table }) => table.smallest));
}

function isTold({ count, quantity }: TableCell): boolean {
  return count !== undefined || quantity !== undefined;
}

function numberOf({ parts }: Sum): Pick<FigureRow, "count" | "quantity"> {
  const told = parts.map(({ cell }) => cell).filter(isTold);
  const unit = told.find(({ quantity }) => quantity !== undefined)?.quantity?.unit;
  const counts = told.flatMap(({ count }) => (count === undefined ? [] : [count]));
  const value = addDecimals(told.flatMap(({ quantity }) => (quantity === undefined ? [] : [quantity.value])));
  return {
    ...(counts.length === 0 ? {} : { count: counts.reduce((all, one) => all + one, 0) }),
    ...(unit === undefined ? {} : { quantity: { value, unit } }),
  };
} // prettier-ignore

function figureOf(sum: Sum): SummedFigure {
  const { type, indicator, of: under } = sum;
  return { type, indicator, under, count: numberOf(sum).count ?? 0, smallest: smallestOf(sum) };
}

function renderSum(sum: Sum, isHidden: boolean): FigureRow {
  const { type, indicator, of, parts } = sum;
  const told = parts.filter(({ cell }) => isTold(cell));
  return {
    type, indicator, of,
    ...(isHidden ? {} : numberOf(sum)),
    withheldBy: parts.length - told.length,
    isRounded: told.some(({ cell }) => cell.treatment !== "EXACT"),
    states: new Set(parts.map(({ table }) => table.country)).size,
    sources: [...new Set(parts.map(({ table }) => table.id))],
  };
} // prettier-ignore

/**
 * Sums figures over messages, and withholds what is small after that. Others have their turn between.
 *
 * @throws {Fault} REQUEST_INVALID when there are more figures than are summed at once
 */
export async function sumFigures(tables: readonly SourceTable[], by: SumBy): Promise<readonly FigureRow[]> {
  const cells = tables.reduce((all, table) => all + table.cells.length, 0);
  if (cells > maxCells) throw new Fault("REQUEST_INVALID", `more than ${maxCells} figures: ask for one type, or a shorter time`);
  const sums = await groupParts(tables, by);
  const told = sums.filter(({ parts }) => parts.some(({ cell }) => isTold(cell)));
  const hidden = await hideFigures(told.map(figureOf));
  const places = new Map(told.map((sum, at) => [sum, at]));
  return sums.map((sum) => renderSum(sum, hidden.has(places.get(sum) ?? -1)));
} // prettier-ignore
