/**
 * Counts of a log's entries, with the positions that they were counted from: made by a seat of oversight, checked by
 * anybody who has the log.
 *
 * Promises: pure; who has the log finds every figure that is too great, too small, left out or counted from other entries;
 * what is withheld is withheld by a rule that can be checked too. Start at `count-table.ts`, then `recount.ts`.
 */
export * from "./cell.ts";
export { type CountedCell, hideCells } from "./hide-cells.ts";
export {
  type CountRow,
  type CountTable,
  type CountWish,
  makeRow,
  type RawRow,
  tellRows,
} from "./count-table.ts";
export { countFormat, countTableShape, parseCountTable, renderCountTable } from "./file.ts";
export { addRun, type Positions, renderRuns, type Run } from "./positions.ts";
export { type CountFinding, recount, type RecountedLog } from "./recount.ts";
