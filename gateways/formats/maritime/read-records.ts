import { parse } from "csv-parse/sync";
import { z } from "zod";

import { maxLineCharacters, readLines } from "./read-lines.ts";

/** Lines of one record: more than any description has; bounds what a quote without end costs. */
const maxLines = 200;

/** One record of a CSV file; no cells when the line cannot be read as one. */
export interface CsvRecord {
  /** The line of the file on which it begins; the first is 1. */
  readonly line: number;
  readonly cells: readonly string[] | undefined;
}

const oneRecord = z.tuple([z.array(z.string())]);

function parseCells(text: string): readonly string[] | undefined {
  try {
    const options = { relax_column_count: true, record_delimiter: "\n" };
    return oneRecord.parse(parse(text.replace(/\r$/, ""), options))[0];
  } catch {
    // the parser's error quotes the row; that it is malformed is all there is to say
    return undefined;
  }
}

function countQuotes(line: string): number {
  let count = 0;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) count += 1;
  return count;
}

/** How many of the lines held make the first record; 0 when its last quote is not closed in them. */
function lengthOfFirst(lines: readonly string[]): number {
  let open = false;
  for (const [at, line] of lines.entries()) {
    if (countQuotes(line) % 2 === 1) open = !open;
    if (!open) return at + 1;
  }
  return 0;
}

function isFull(lines: readonly string[]): boolean {
  if (lines.length >= maxLines) return true;
  return lines.reduce((sum, { length }) => sum + length, 0) > maxLineCharacters;
}

/** Takes one record from the front of `held`: when it is malformed, its first line only. */
function takeRecord(held: string[], line: number): CsvRecord & { readonly taken: number } {
  const length = lengthOfFirst(held);
  const cells = length === 0 ? undefined : parseCells(held.slice(0, length).join("\n"));
  const taken = cells === undefined ? 1 : length;
  held.splice(0, taken);
  return { line, cells, taken };
}

/**
 * The records of a CSV file (RFC 4180), blank lines left out. One that is malformed costs its first line
 * and no other: reading goes on at the next line, so a lost quotation mark does not swallow the file.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export async function* readRecords(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const held: string[] = [];
  let line = 1;
  const isReady = (atEnd: boolean): boolean =>
    held.length > 0 && (atEnd || isFull(held) || lengthOfFirst(held) > 0);
  const take = function* (atEnd: boolean): Generator<CsvRecord> {
    while (isReady(atEnd)) {
      const blank = held[0]?.trim() === "";
      const { taken, ...record } = takeRecord(held, line);
      line += taken;
      if (!blank) yield record;
    }
  };
  for await (const text of readLines(pieces)) {
    held.push(text);
    yield* take(false);
  }
  yield* take(true);
}
