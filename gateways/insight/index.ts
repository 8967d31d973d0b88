/**
 * What follows from what a gateway holds and nobody wrote down: how many of what came over weeks, what hangs on an agency,
 * where in a hub's log something stands.
 *
 * Promises: reads only; gives numbers, names of agencies and places in logs, nothing of any message. Who counts is shown no
 * more than he may see. Start at `desk.ts`, then `trends.ts`.
 */
export * from "./challenge.ts";
export * from "./desk.ts";
export * from "./trends.ts";
