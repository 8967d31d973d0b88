import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { SqlRow } from "./drivers/sqlite.ts";

/** One row as SQLite gives it: values by column. */
export type Row = SqlRow;

function refuse(column: string): never {
  throw new Fault(
    "INTEGRITY_STORE",
    `column ${column} holds another kind of value than it was made for`,
  );
}

/**
 * The number in a column.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : refuse(column);
}

/**
 * The text in a column.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : refuse(column);
}

/**
 * The bytes in a column.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function bytesOf(row: Row, column: string): Bytes {
  const value = row[column];
  // the driver's own kind of bytes cuts and prints otherwise than others
  return value instanceof Uint8Array
    ? new Uint8Array(value.buffer, value.byteOffset, value.length)
    : refuse(column);
}

/** What `read` reads from a column, or undefined where it is empty. */
export function maybeOf<T>(
  row: Row,
  column: string,
  read: (row: Row, column: string) => T,
): T | undefined {
  return row[column] === null || row[column] === undefined ? undefined : read(row, column);
}
