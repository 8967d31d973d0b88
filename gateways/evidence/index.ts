/**
 * Evidence of one message for somebody outside: one file, made of what lies here.
 *
 * Promises: nothing is asked of the network; what proves a message is kept when its content is erased; receipts that
 * speak of other messages too are left out. Whether the message may be given at all is asked before, by whoever calls.
 * Start at `desk.ts`.
 */
export { type EvidenceAsked, type EvidenceDesk, makeEvidenceDesk } from "./desk.ts";
