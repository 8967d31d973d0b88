/**
 * Messages given out of the gateway as a file.
 *
 * Promises: what names people, or is much, waits for another person's word; every row is judged for who reads it when he
 * reads it; content that may not be given on is left out and the row says so; no cell of a table is a formula. Keeps no
 * content. Start at `desk.ts`, then `project.ts` and `csv.ts`.
 */
export { renderCsvLine } from "./csv.ts";
export { type ExportDesk, type ExportWish, makeExportDesk, exportWishOf } from "./desk.ts";
export { type ExportField, exportFields } from "./project.ts";
