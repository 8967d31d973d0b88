/**
 * Admission: what agencies sent is judged step by step, stored once, and answered with signed receipts.
 *
 * Promises: an accepted line is told only after the stream synced the message; a refused message leaves
 * nothing in a feed; whatever fails here comes again. Trusts the server for the origin of a subject and
 * nothing else. Never opens a sealed body. Start at `steps.ts`, then `intake.ts`.
 */
export * from "./known.ts";
export type { LogEntries } from "./log-entries.ts";
export { type LeafOfMessage, readTaken, readTakenNote } from "./notes.ts";
export * from "./questions.ts";
export * from "./quota.ts";
export * from "./rebuild.ts";
export * from "./service.ts";
export * from "./steps.ts";
export * from "./verdict.ts";
