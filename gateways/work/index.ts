/**
 * Work in hand: which messages make which thread, how each matter in it stands, what is awaited of whom.
 *
 * Promises: every message that is stored stands in its thread with the same write; what is awaited follows from the
 * messages alone. The rules are in `schemas/work`. Start at `matters.ts`.
 */
export { makeWorkDesk, type Matter, type WorkDesk } from "./matters.ts";
export { checkTurn } from "./check-turn.ts";
export { loadThread, type ThreadPlace } from "./load-thread.ts";
export { headsOf, noteStep, type NotedStep, type ThreadWords, touchThread } from "./note-step.ts";
export { reckonDues } from "./reckon.ts"; // prettier-ignore
