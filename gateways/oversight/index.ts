/**
 * The regional seat of oversight: it sees how much, never what.
 *
 * Promises: every count of the hub's log is of entries that were proved under a signed checkpoint, from the first on, and says
 * where they stand, so that anybody with the log counts them again; every figure of messages names the messages and their
 * places; what is small is withheld again after summing, and in every file that is given out. Holds no content and asks for
 * none. Start at `desk.ts`, then `keep.ts` and `sum-figures.ts`.
 */
export { makeOversightDesk, type OversightDesk } from "./desk.ts";
export { type FigureType, figureTypes } from "./read-tables.ts";
export { type Counter, type CounterParts, startCounter } from "./keep.ts";
export { parsePopulation } from "./population.ts";
