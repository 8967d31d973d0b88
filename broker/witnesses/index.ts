/**
 * Collects what witnesses say of the hub's log: they are asked, or they come.
 *
 * Promises: only cosignatures by witnesses of the register are hung under a checkpoint; the newest that enough of them
 * cosigned outlives a restart. Trusts no witness's address, only its key. Start at `round.ts`, then `desk.ts`.
 */
export * from "./desk.ts";
