/**
 * The columns of "Crime at Sea" that are read; a file may have more.
 *
 * @see Benden, Feng, Howell, Dalla Riva: Crime at Sea, J. Open Humanities Data 7:19 (2021)
 */
export const columns = [
  "date",
  "time",
  "longitude",
  "latitude",
  "attack_type",
  "location_description",
  "nearest_country",
  "eez_country",
  "shore_distance",
  "attack_description",
  "vessel_name",
  "vessel_type",
  "vessel_status",
  "data_source",
] as const;

/** The name of a column. */
export type Column = (typeof columns)[number];

/** One row as the file has it: every cell a text, nothing of it checked. */
export interface MaritimeRow {
  /** The line of the file on which the row begins; the header is line 1. */
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/** A cell's text in NFC with plain line ends; undefined when the source says it has none ("NA", empty). */
export function cellText({ cells }: MaritimeRow, column: Column): string | undefined {
  const text = cells[column].replaceAll("\r\n", "\n").normalize("NFC").trim();
  return text === "" || text === "NA" ? undefined : text;
}
