/**
 * What colleagues of one agency tell each other about their work: who has which message in hand, how a shift was handed
 * over, which lists are kept under a name.
 *
 * Promises: of two who take one message one is told that the other has it; what nobody touches is free again by itself; a
 * hand-over is taken by another person, once. Holds ids, numbers and people's own words, nothing of any message, and gives no
 * right to any: who shows what is here asks first whether the caller may see the message. Start at `claims.ts`.
 */
export * from "./claims.ts";
export * from "./desk.ts";
export * from "./handovers.ts";
export * from "./views.ts";
