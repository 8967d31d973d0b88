/**
 * Messages given out of the gateway as a file.
 *
 * Promises: an export names who is given it and what for; of others' messages nothing leaves that its owner's handling or
 * consent does not let go, each use stands in the onward log before a row is given, and what is withheld is counted with
 * the reason; what names people, or is much, waits for another person's word; every row is judged for who reads it when he
 * reads it; no cell of a table is a formula. Keeps no content. Start at `desk.ts`, then `read.ts`, `project.ts` and `csv.ts`.
 */
export { renderCsvLine } from "./csv.ts";
export { type ExportDesk, makeExportDesk } from "./desk.ts";
export { type ExportField, exportFields } from "./project.ts";
export { type ExportWish, exportGivenOf, exportWishOf } from "./wish.ts";
