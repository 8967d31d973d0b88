/**
 * Counts without persons: what is counted by which dimension, and which of the figures may be told.
 *
 * Promises: pure; every figure that is told, and every one that follows from those by adding and subtracting, counts
 * nobody or at least as many as the threshold. Start at `make-table.ts`.
 */
export { addDecimals } from "./decimals.ts";
export { type Cell, makeTable, type TablePlan, type Unit } from "./make-table.ts";
