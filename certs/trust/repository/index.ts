/** What publishing, fetching and laying out a repository need of it; proving is behind `verifyRegister`. */
export { renderCanonical } from "./canonical.ts";
export { type KeyEntry, renderKey } from "./key.ts";
export * from "./layout.ts";
export { repositoryLimits } from "./limits.ts";
export * from "./metadata.ts";
export { findNeeded, proveRepository } from "./prove.ts";
export { proveAuthority } from "./prove-authority.ts";
export * from "./root.ts";
export * from "./shapes.ts";
export { isNamed, makeShelf, type Needed } from "./shelf.ts";
export type * from "./trusted.ts";
