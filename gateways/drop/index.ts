/**
 * The drop folder: files that another system puts there are sent, and what is received is laid there for it.
 *
 * Promises: what is in a file is sent once, however often it is dropped and wherever a power cut falls; each file has its
 * result beside it; what is received is written once. Acts through the gateway's own API as one machine, with its roles, ceiling and
 * purpose, and leaves its lines in the audit record. Trusts neither names nor content, follows no link, and relies on no lock.
 * Start at `drop.ts`, then `take.ts` and `write-out.ts`.
 */
export { type DropChoice, dropShape } from "./choice.ts";
export { type Drop, type DropOptions, type DropState, openDrop } from "./drop.ts";
export { decideKind, parseDropName, parseSheetType } from "./name.ts";
