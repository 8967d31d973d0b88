/**
 * Work in hand: which messages make which thread, how each matter in it stands, what is awaited of whom.
 *
 * Promises: every message that is stored stands in its thread with the same write; what is awaited follows from the
 * messages alone. The rules are in `schemas/work`. Start at `matters.ts`.
 */
export { makeWorkDesk, type Matter, type ShownBreach, type WorkDesk } from "./matters.ts";
export type { FindBars } from "./act-rights.ts";
export { checkTurn, stepOfDraft } from "./check-turn.ts";
export { keptMs, lastDayOf } from "./last-day.ts";
export { loadThread, stepOf, type ThreadPlace, threadWith } from "./load-thread.ts";
export { headsOf, noteStep, type NotedStep, type ThreadWords, touchThread } from "./note-step.ts";
export { namedThread } from "./named-thread.ts";
export { keepOneEdition } from "./one-edition.ts";
export { type ReadOrder, readOrder } from "./read-orders.ts";
export { type Reckoned, reckonDues, type Reckoning } from "./reckon.ts";
export { registerTerms } from "./register-terms.ts";
export { renewTerms } from "./renew-terms.ts";
