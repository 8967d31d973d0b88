/**
 * Whom to ask: the authorities of states as those states published them, in messages that this gateway proved, and whether
 * they still answer.
 *
 * Promises: of entries about one authority its state's newest counts; one that nobody verified within twelve months, or that
 * did not answer, is shown and flagged, never left out; an answer counts only from whom it was asked of. Reads the store alone;
 * what it sends goes the way of every message. Start at `desk.ts`.
 */
export type { FlaggedEntry, LastPing } from "./judge.ts";
export { type DirectoryDesk, type DirectoryParts, makeDirectoryDesk } from "./desk.ts";
export type { ContactPoint } from "./contacts.ts";
export type { AuthorityWish } from "./find.ts";
