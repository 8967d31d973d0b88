/**
 * Figures without persons: counted at night from what this agency sent, kept as tables of a time, and drafted for an
 * officer to send.
 *
 * Promises: nothing in a table or beside it tells of fewer persons than the threshold; what a sender took back counts no
 * more, and nothing counts twice. Start at `nightly.ts`; what is withheld is decided in `schemas/tables`.
 */
export { makeStatisticsDesk, type ShownTable, type StatisticsDesk } from "./desk.ts";
export { startNightly, type StatisticsChoice } from "./nightly.ts";
export { type PeriodLength, periodLengths } from "./period.ts";
