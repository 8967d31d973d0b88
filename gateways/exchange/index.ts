/**
 * What a gateway does for its people and systems, as an interface; HTTP and the command line stand on it.
 *
 * Promises: a message that was submitted is on disk before the answer; reads work without a link.
 * Trusts nothing it is handed. Never says more than the local store holds.
 * Start at `exchange.ts`.
 */
export type * from "./exchange.ts";
