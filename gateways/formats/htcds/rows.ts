import { Fault } from "../../../schemas/ground/index.ts";
import { readRecords } from "../maritime/read-records.ts";
import { fieldNamed } from "./names.ts";
import { type HtcdsRecord, type HtcdsValue, spellName, textOf } from "./record.ts";

/** A record of a CSV file with the line it begins on, or what is wrong with that line. */
export type HtcdsRow =
  | { readonly line: number; readonly record: HtcdsRecord }
  | { readonly line: number; readonly fault: Fault };

function readHeader(cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => spellName(cell.trim()));
  if (!names.some((name) => fieldNamed(name) !== undefined)) {
    throw new Fault(
      "IMPORT_FILE_UNREADABLE",
      "the first line has no field name of HTCDS 2.0, such as vic_TraffickingStatus",
    );
  }
  if (new Set(names).size !== names.length) {
    throw new Fault("IMPORT_FILE_UNREADABLE", "the first line names a column twice");
  }
  return names;
}

function makeRow(
  line: number,
  cells: readonly string[] | undefined,
  names: readonly string[],
): HtcdsRow {
  if (cells?.length === names.length) {
    const filled = names.map((name, at): [string, string] => [name, cells[at] ?? ""]);
    return { line, record: Object.fromEntries(filled.filter(([, text]) => text.trim() !== "")) };
  }
  const detail =
    cells === undefined
      ? "the row's quotation marks do not match"
      : `the row has ${cells.length} cells and the header ${names.length}`;
  return { line, fault: new Fault("IMPORT_ROW_MALFORMED", detail) };
}

/**
 * The records of a CSV file whose first line names fields of the standard, as its toolkit's sheets do. Several
 * values of a picklist stand in one cell, divided by semicolons. A malformed row comes as a fault with its line
 * (IMPORT_ROW_MALFORMED) and the next ones follow.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export async function* readHtcdsRows(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<HtcdsRow> {
  let names: readonly string[] | undefined;
  for await (const { line, cells } of readRecords(pieces)) {
    if (names === undefined) names = readHeader(cells ?? []);
    else yield makeRow(line, cells, names);
  }
  if (names === undefined) throw new Fault("IMPORT_FILE_UNREADABLE", "the file is empty");
}

function renderCell(value: HtcdsValue | undefined): string {
  if (!Array.isArray(value)) return textOf(value);
  const items: readonly unknown[] = value;
  if (items.every((item) => typeof item === "string")) return items.join(";");
  throw new Fault(
    "IMPORT_ROW_MALFORMED",
    "a row of cells holds one event, one comment and one support plan; write more as JSON",
  );
}

/**
 * A record as the cells of one row under `columns`.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED when a field of the record has no column, or a section several records
 */
export function renderHtcdsCells(
  record: HtcdsRecord,
  columns: readonly string[],
): readonly string[] {
  const names = columns.map(spellName);
  for (const [name, value] of Object.entries(record)) {
    renderCell(value);
    if (!names.includes(name)) {
      throw new Fault("IMPORT_ROW_MALFORMED", `there is no column ${name}; add it to the header`);
    }
  }
  return names.map((name) => renderCell(record[name]));
}
