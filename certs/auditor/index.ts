/**
 * Follows a log from outside, entry by entry, and says what is wrong with it and where.
 *
 * Promises: what is kept leads to a root that the log signed and goes on from what was kept before; every leaf was
 * read and held against the rules; nobody's word is taken for it but the log's own signature. Holds no key, reads no
 * file, asks no network: a source and a mirror are handed in. Start at `follow.ts`, then `rules.ts`.
 */
export * from "./finding.ts";
export * from "./find-entry.ts";
export * from "./follow.ts";
export * from "./mirror.ts";
export * from "./rules.ts";
export * from "./state.ts";
