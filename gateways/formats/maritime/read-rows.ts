import { Fault } from "../../../schemas/ground/index.ts";
import { readRecords } from "./read-records.ts";
import { type Column, columns, type MaritimeRow } from "./row.ts";

/** A row, or what is wrong with the line that should have been one. */
export type ReadRow = MaritimeRow | { readonly line: number; readonly fault: Fault };

const replacement = "\ufffd";

type Places = ReadonlyMap<string, number>;

function readHeader(cells: readonly string[] | undefined): Places {
  const places = new Map((cells ?? []).map((name, at) => [name.trim(), at]));
  const missing = columns.filter((column) => !places.has(column));
  if (missing.length > 0) {
    throw new Fault("IMPORT_FILE_UNREADABLE", `the header line lacks ${missing.join(", ")}`);
  }
  if (places.size !== cells?.length) {
    throw new Fault("IMPORT_FILE_UNREADABLE", "the header line names a column twice");
  }
  return places;
}

function refuse(line: number, detail: string): ReadRow {
  return { line, fault: new Fault("IMPORT_ROW_MALFORMED", detail) };
}

function makeRow(line: number, cells: readonly string[] | undefined, places: Places): ReadRow {
  if (cells === undefined) return refuse(line, "the row's quotation marks do not match");
  if (cells.length !== places.size) {
    return refuse(line, `the row has ${cells.length} cells and the header ${places.size}`);
  }
  if (cells.some((cell) => cell.includes(replacement))) {
    return refuse(line, "the row is not UTF-8 text");
  }
  const cellOf = (column: Column): string => cells[places.get(column) ?? -1] ?? "";
  return {
    line,
    cells: {
      date: cellOf("date"),
      time: cellOf("time"),
      longitude: cellOf("longitude"),
      latitude: cellOf("latitude"),
      attack_type: cellOf("attack_type"),
      location_description: cellOf("location_description"),
      nearest_country: cellOf("nearest_country"),
      eez_country: cellOf("eez_country"),
      shore_distance: cellOf("shore_distance"),
      attack_description: cellOf("attack_description"),
      vessel_name: cellOf("vessel_name"),
      vessel_type: cellOf("vessel_type"),
      vessel_status: cellOf("vessel_status"),
      data_source: cellOf("data_source"),
    },
  };
}

/**
 * The rows of a "Crime at Sea" file, one after another while it is read. A row that is malformed comes as a
 * fault with its line (IMPORT_ROW_MALFORMED) and the next ones follow.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE when the header is not the one of such a file
 */
export async function* readMaritimeRows(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<ReadRow> {
  let places: Places | undefined;
  for await (const { line, cells } of readRecords(pieces)) {
    if (places === undefined) places = readHeader(cells);
    else yield makeRow(line, cells, places);
  }
  if (places === undefined) throw new Fault("IMPORT_FILE_UNREADABLE", "the file is empty");
}
