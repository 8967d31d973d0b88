/** Publishing a repository: drafts, signatures one by one, and putting what is signed in its place. */
export { type Draft, draftPath, signDraft, signMetadata } from "./draft.ts";
export * from "./drafts.ts";
export * from "./folder.ts";
export * from "./place.ts";
export { draftSnapshot, draftTimestamp } from "./snapshot.ts";
export { findRole, findRoot } from "./usable.ts";
export { findVersions } from "./read.ts";
