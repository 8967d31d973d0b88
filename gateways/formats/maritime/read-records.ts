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

function parseCells(text: string, delimiter: string): readonly string[] | undefined {
  try {
    const options = { relax_column_count: true, record_delimiter: "\n", delimiter };
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

/** Lines that wait for the end of the record they begin. Each is looked at once until some are taken. */
class Waiting {
  #lines: string[] = [];
  #seen = 0;
  #isOpen = false;
  #characters = 0;
  readonly #delimiter: string;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  push(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get isBlank(): boolean {
    return this.#lines[0]?.trim() === "";
  }

  get isFull(): boolean {
    return this.#lines.length >= maxLines || this.#characters > maxLineCharacters;
  }

  /** How many of the lines make the first record; 0 when its last quote is not closed in them. */
  lengthOfFirst(): number {
    while (this.#seen === 0 || (this.#isOpen && this.#seen < this.#lines.length)) {
      const line = this.#lines[this.#seen];
      if (line === undefined) return 0;
      if (countQuotes(line) % 2 === 1) this.#isOpen = !this.#isOpen;
      this.#seen += 1;
    }
    return this.#isOpen ? 0 : this.#seen;
  }

  /** Takes one record from the front: when it is malformed, its first line only. */
  takeRecord(line: number): CsvRecord & { readonly taken: number } {
    const length = this.lengthOfFirst();
    const text = this.#lines.slice(0, length).join("\n");
    // the parser costs more than all the rest, so it is not asked about what is blank
    const cells = length === 0 || this.isBlank ? undefined : parseCells(text, this.#delimiter);
    const taken = cells === undefined ? 1 : length;
    for (const gone of this.#lines.splice(0, taken)) this.#characters -= gone.length;
    this.#seen = 0;
    this.#isOpen = false;
    return { line, cells, taken };
  }
}

/**
 * The records of a CSV file (RFC 4180), blank lines left out. One that is malformed costs its first line
 * and no other: reading goes on at the next line, so a lost quotation mark does not swallow the file.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export async function* readRecords(
  pieces: AsyncIterable<Uint8Array>,
  delimiter = ",",
): AsyncGenerator<CsvRecord> {
  const held = new Waiting(delimiter);
  let line = 1;
  const isReady = (atEnd: boolean): boolean =>
    !held.isEmpty && (atEnd || held.isFull || held.lengthOfFirst() > 0);
  const take = function* (atEnd: boolean): Generator<CsvRecord> {
    while (isReady(atEnd)) {
      const { isBlank } = held;
      const { taken, ...record } = held.takeRecord(line);
      line += taken;
      if (!isBlank) yield record;
    }
  };
  for await (const text of readLines(pieces)) {
    held.push(text);
    yield* take(false);
  }
  yield* take(true);
}
