/**
 * The one file a gateway keeps: messages, what is to be sent, receipts, slip chains, answers given.
 *
 * Promises: what `write` resolved survives a power cut; writes asked for together share one sync to the
 * disk; a damaged or newer file is refused at the start. Trusts the disk to keep what it said it wrote.
 * Knows no keys, no network and no rules. Start at `store.ts`, then `writer.ts` and `migrations/`.
 */
export * from "./admissions.ts";
export * from "./attachments.ts";
export * from "./audience-keys.ts";
export * from "./audit.ts";
export * from "./carried.ts";
export * from "./chains.ts";
export * from "./breaches.ts";
export * from "./changes.ts";
export * from "./claims.ts";
export { type FileAccess, openDatabase } from "./database.ts";
export * from "./drafts.ts";
export { checkNotHeld, openBeside } from "./drivers/held-files.ts";
export { findKeyId, keyIdOf } from "./drivers/key-id.ts";
export { rekeySqlite } from "./drivers/sqlite.ts";
export type { ChunkCounts, DueChunk } from "./chunk-erasures.ts";
export * from "./erasures.ts";
export * from "./far-erasures.ts";
export * from "./editions.ts";
export * from "./exports.ts";
export * from "./handovers.ts";
export * from "./held-keys.ts";
export * from "./idempotency.ts";
export * from "./key-waits.ts";
export * from "./kept.ts";
export * from "./ladder.ts";
export * from "./legal-holds.ts";
export * from "./inspections.ts";
export * from "./log-acts.ts";
export * from "./log-alarms.ts";
export * from "./log-heads.ts";
export { type CosignedTree, type LogProof, type LogProofs, type PlacedMessage, type ProvedEntry, type Unproved } from "./log-proofs.ts"; // prettier-ignore
export * from "./log-watch.ts";
export * from "./lookups.ts";
export * from "./machines.ts";
export type { DueQuery, StoredQuery } from "./message-list.ts";
export { isSystemMessage, type StoredMessage, type StoredSummary } from "./message-row.ts";
export * from "./messages.ts";
export * from "./onward.ts";
export * from "./opened.ts";
export * from "./operations.ts";
export * from "./outbox.ts";
export * from "./oversight.ts";
export * from "./people.ts";
export * from "./recalls.ts";
export * from "./rechecks.ts";
export * from "./relayed-erasures.ts";
export * from "./relayed-receipts.ts";
export * from "./relayed.ts";
export * from "./releases.ts";
export type { LostMessage, Restored, RestoredMark } from "./restore.ts";
export { type PutBack, putBack, replacedPath } from "./restore-file.ts";
export type { Still } from "./restore-still.ts";
export type { StoreState } from "./integrity-room.ts";
export { type CheckedFile, checkStoreFile, rollBackStore } from "./upgrade-back.ts";
export type { DuePlace, IndexWish } from "./search.ts";
export * from "./retention.ts";
export * from "./sealing-pins.ts";
export * from "./sessions.ts";
export * from "./statistics.ts";
export { sealedFilePath } from "./sealed-files.ts";
export * from "./settings.ts";
export { isContradiction, type LinkedSlip, type SlipChain } from "./slip-chain.ts";
export * from "./store.ts";
export * from "./threads.ts";
export * from "./trends.ts";
export * from "./views.ts";
export * from "./webhooks.ts";
export * from "./words-of-use.ts";
