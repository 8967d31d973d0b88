/**
 * Recall: what an owner takes back is asked of every holder and followed to the end; what is taken back here is erased and
 * answered for; what is past its time goes; what an authority keeps, stays.
 *
 * Promises: nobody says DELETED, CORRECTED or BLOCKED before those he passed it on to have, and what its owner corrects, blocks
 * or lifts reaches them; what is erased leaves ids, digests and signatures, and nothing of what it said, here, at the hub and of
 * its files; a legal hold goes before every purge and every term. Trusts the store to overwrite what it deletes. Start at
 * `carry-out.ts`, then `onward.ts`, `erase.ts` and `standing.ts`.
 */
export { makeRecallDesk, type RecallDesk } from "./desk.ts";
export { type RecallParts } from "./parts.ts";
export { startRecalls, type Recalling } from "./service.ts";
export type { RecallWish } from "./start-recall.ts";
