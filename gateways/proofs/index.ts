/**
 * The log of the hub, as a gateway checks it: that all it sent and took stands there, that the log only ever grows, and
 * that the hub shows the same log to everyone.
 *
 * Promises: PROVED means that every field of the leaf, its place in the tree and the growth of the tree were checked here;
 * no mail is held up or lost by what is found. Trusts the register for the log's key; never the hub. Start at
 * `service.ts`, then `follow.ts` and `prove.ts`.
 */
export { type AlarmBell, makeAlarmBell } from "./alarms.ts";
export { type LogDesk, type LogStanding, type LogState, makeLogDesk } from "./desk.ts";
export { readToldNote } from "./note.ts";
export { type ProofParts, type Proofs, startProofs } from "./service.ts";
