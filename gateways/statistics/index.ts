/**
 * Figures without persons: counted at night from what this agency sent, kept as tables of a time, and drafted for an
 * officer to send.
 *
 * Promises: nothing in a table or beside it tells of fewer persons than the threshold; what a sender took back counts no
 * more, and nothing counts twice. How the exchange itself goes is counted only where the operator says so, to the nearest
 * five, and of others only for all of them together. Start at `nightly.ts`; what is withheld is decided in `schemas/tables`.
 */
export { makeStatisticsDesk, type ShownTable, type StatisticsDesk } from "./desk.ts";
export { exchangeChoices, startNightly, type StatisticsChoice } from "./nightly.ts";
export { type PeriodLength, periodLengths } from "./period.ts";
