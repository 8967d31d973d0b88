/**
 * The one file a gateway keeps: messages, what is to be sent, receipts, slip chains, answers given.
 *
 * Promises: what `write` resolved survives a power cut; writes asked for together share one sync to the
 * disk; a damaged or newer file is refused at the start. Trusts the disk to keep what it said it wrote.
 * Knows no keys, no network and no rules. Start at `store.ts`, then `writer.ts` and `migrations.ts`.
 */
export * from "./admissions.ts";
export * from "./audience-keys.ts";
export * from "./chains.ts";
export * from "./held-keys.ts";
export * from "./idempotency.ts";
export * from "./key-waits.ts";
export * from "./kept.ts";
export * from "./ladder.ts";
export * from "./messages.ts";
export * from "./outbox.ts";
export * from "./rechecks.ts";
export * from "./sealing-pins.ts";
export * from "./settings.ts";
export { isContradiction, type LinkedSlip, type SlipChain } from "./slip-chain.ts";
export * from "./store.ts";
