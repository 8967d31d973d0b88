/**
 * What runs elsewhere than here: images of hub, gateway, tools and nats-server.
 *
 * Promises: an image holds no shell, no package manager, no file that its program cannot come to, and runs as a number that is
 * not root; the same sources and the same time give the same bytes. Trusts the lock file's digests, which npm checked when
 * it installed. Start at `roles.ts`, then `archive.ts`.
 */
export { type Entry, readEntry, sortEntries } from "./entries.ts";
export { renderImageSbom } from "./make.ts";
export { planApp } from "./roles.ts";
export { renderTar } from "./tar.ts";
