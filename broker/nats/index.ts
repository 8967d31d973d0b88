/**
 * The hub's server: its configuration, accounts, streams and consumers, and the connections to it.
 *
 * Promises: what the server lets an agency do is computed from the register alone; a stored message was
 * synced before its answer is told. Trusts the server it is connected to only as far as the register names
 * its certificate. Never looks into a message. Start at `accounts.ts`, `render.ts`, then `filters.ts`.
 */
export * from "./accounts.ts";
export * from "./append.ts";
export * from "./connect.ts";
export * from "./consumers.ts";
export * from "./cover.ts";
export * from "./elections.ts";
export * from "./fair-publisher.ts";
export * from "./fair-queue.ts";
export * from "./feed-grid.ts";
export * from "./feed-name.ts";
export * from "./filters.ts";
export * from "./held-message.ts";
export * from "./holds-subject.ts";
export * from "./hub-keys.ts";
export * from "./intakes.ts";
export * from "./jetstream.ts";
export * from "./limits.ts";
export * from "./nkeys.ts";
export * from "./publisher.ts";
export * from "./pull.ts";
export * from "./read-messages.ts";
export * from "./read-stream.ts";
export * from "./remove-peer.ts";
export * from "./render-cluster.ts";
export * from "./render.ts";
export * from "./roll-call.ts";
export * from "./rooms.ts";
export * from "./route-pair.ts";
export * from "./spread.ts";
export * from "./stream-health.ts";
export * from "./streams.ts";
export * from "./system.ts";
export * from "./traffic.ts";
export * from "./version.ts";
