/**
 * Lookups in what this gateway holds, for border posts and patrols: records and notices by identifiers as they are
 * compared, with a link or without one.
 *
 * Promises: what its owner withdrew, replaced, blocked or let expire is not found; nor are victims, witnesses, protected
 * persons and exercises; the age of the copy is told, and one older than the policy answers nothing. Asks nobody who the
 * caller is: that is for whoever shows a hit. Trusts the store. Start at `note.ts`, then `find.ts`.
 */
export * from "./desk.ts";
export * from "./draft.ts";
export * from "./find.ts";
export { lookupLimits } from "./limits.ts";
export { noteLookups } from "./note.ts";
export * from "./policy.ts";
