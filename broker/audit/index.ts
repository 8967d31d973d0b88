/**
 * What the hub writes down that is no message: logins, foreign subjects, registers, streams made anew.
 *
 * Promises: records are hash-linked, in order, synced, and verified when the hub starts. Trusts the disk
 * to keep what was synced. Never holds what a message says. Start at `record.ts`, then `trail.ts`.
 */
export * from "./log-reader.ts";
export * from "./record.ts";
export * from "./server-log.ts";
export * from "./trail.ts";
