/**
 * Sealing bodies to their readers, and opening what was sealed to us. The only room that can decrypt.
 *
 * Promises: a sealed body opens only under the id and type it was sealed for; opening fails in one way
 * whatever the reason. Trusts the register for whose key is whose, and jose for the arithmetic.
 * Never writes a private key or an opened body anywhere. Start at `seal.ts`, then `open.ts`.
 */
export * from "./audience-key.ts";
export * from "./backup-key.ts";
export { contentEncryptions, type ContentEncryption, readableEncryptions } from "./encryption.ts";
export * from "./keys.ts";
export { openBody, type Opening } from "./open.ts";
export * from "./open-feed.ts";
export { paddedLength } from "./pad.ts";
export * from "./seal.ts";
export { type FeedSealing, sealFeedBody } from "./seal-feed.ts";
