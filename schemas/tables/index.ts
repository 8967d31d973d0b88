/**
 * Counts without persons: what is counted by which dimension, and which of the figures may be told.
 *
 * Promises: pure; every figure that is told, and every one that follows from those by adding and subtracting, counts
 * nobody or at least as many as the threshold. Start at `tally.ts`.
 */
export { addDecimals } from "./decimals.ts";
export { Distinct } from "./distinct.ts";
export { makeTable, type Unit } from "./make-table.ts";
export { type Cell, type Counted, startTally, type Tally, type TablePlan } from "./tally.ts";
