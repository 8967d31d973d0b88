/**
 * What two parties must agree on: messages, envelopes, slips, receipts, the register, subjects, limits.
 *
 * Promises: a message read here was fully checked; bytes that were signed are never encoded again; every
 * code carries its list; a subject is spelt in one place. Trusts nothing it is given.
 * Start at `proto/envelope.proto`, then `envelope.ts`, `parts.ts`, `subjects.ts`.
 */
export * from "./blob.ts";
export * from "./body/index.ts";
export * from "./carry.ts";
export * from "./channels.ts";
export * from "./codes/index.ts";
export * from "./envelope.ts";
export * from "./framing.ts";
export * from "./gen/index.ts";
export * from "./limits.ts";
export * from "./log-acts.ts";
export * from "./log-commitment.ts";
export * from "./log-leaf.ts";
export * from "./parts.ts";
export * from "./pause.ts";
export * from "./receipt.ts";
export * from "./register-offer.ts";
export * from "./relay.ts";
export * from "./release-level.ts";
export * from "./slip.ts";
export * from "./stated.ts";
export * from "./subjects.ts";
