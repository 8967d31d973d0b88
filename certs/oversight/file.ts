import { z } from "zod";

import { type Bytes, Fault, parseUtf8, tryShape } from "../../schemas/ground/index.ts";
import { countDimensions } from "./cell.ts";
import { type CountTable, keyOf } from "./count-table.ts";
import { countRuns, type Run } from "./positions.ts";

/** What the file of a table says that it is. */
export const countFormat = "atumpan-oversight-counts/1";

const maxFileBytes = 64 * 1024 * 1024;
const index = z.int().min(0).max(0xff_ff_ff_ff);
const day = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
const value = z.string().max(60);
const positionsShape = z.strictObject({
  runs: z.array(z.tuple([index, index])).max(200_000),
  left: index,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A table as its file has it, and as the API tells it. */
export const countTableShape = z
  .strictObject({
    format: z.literal(countFormat),
    log: z.string().min(1).max(255).meta({ description: "the log's origin" }),
    size: index.meta({ description: "how many of its entries were looked at, from the first on" }),
    checkpoint: z
      .string()
      .min(1)
      .max(200_000)
      .meta({ description: "the signed note of a log of that size or a greater one" }),
    from: day.optional(),
    until: day.optional().meta({ description: "the first day that is not counted" }),
    by: z.array(z.enum(countDimensions)).max(countDimensions.length),
    smallest: z.int().min(0).max(100),
    rows: z
      .array(
        z.strictObject({
          of: z.partialRecord(z.enum(countDimensions), value),
          count: index.optional().meta({ description: "left out: withheld" }),
          positions: positionsShape.optional(),
        }),
      )
      .max(5_000),
  })
  .meta({ id: "OversightCounts" }); // prettier-ignore

function refuse(detail: string): never {
  throw new Fault("OVERSIGHT_FILE_INVALID", detail);
}

function readJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(parseUtf8(bytes));
  } catch {
    return refuse("the file is not JSON in UTF-8");
  }
}

function checkRising(runs: readonly Run[], size: number): void {
  let before = -2;
  for (const [first, last] of runs) {
    if (first <= before + 1 || last < first || last >= size) refuse("positions rise, and lie within the size of the table");
    before = last;
  }
} // prettier-ignore

function checkRow({ of, count, positions }: CountTable["rows"][number], { by, size }: CountTable): void {
  const names = Object.keys(of);
  if (names.length !== by.length || !by.every((name, at) => names[at] === name)) {
    refuse("each figure has what the table is counted by, in that order, and nothing else");
  }
  if ((count === undefined) !== (positions === undefined)) refuse("a figure has a number and positions, or neither");
  if (positions === undefined || count === undefined) return;
  checkRising(positions.runs, size);
  if (count === 0) refuse("a figure of nothing is left out");
  if (positions.left === 0 && countRuns(positions.runs) !== count) refuse("a figure is as great as its positions are many");
} // prettier-ignore

/**
 * Reads the file of a table. It fits itself: every figure is of what the table is counted by, and as great as its positions are
 * many. Whether it fits a log is asked of {@link CountTable} and the log.
 *
 * @throws {Fault} OVERSIGHT_FILE_INVALID
 */
export function parseCountTable(bytes: Bytes): CountTable {
  if (bytes.length > maxFileBytes) refuse(`a file of figures has at most ${maxFileBytes} bytes`);
  const read = tryShape(countTableShape, readJson(bytes));
  if (!read.success) return refuse("this is no file of counts as a seat of oversight writes it");
  const { format: _, ...table } = read.data;
  const keys = new Set(table.rows.map(({ of }) => keyOf(of)));
  if (keys.size !== table.rows.length) refuse("a figure stands twice");
  for (const row of table.rows) checkRow(row, table);
  return table;
}

/** A table as its file has it; `parseCountTable` reads it back. */
export function renderCountTable(table: CountTable): Record<string, unknown> {
  return { format: countFormat, ...table };
}
