/**
 * The hub's log: what was taken, in an order that nobody can change afterwards.
 *
 * Promises: one leaf for each place of a stream, in the stream's order; what was signed is stored and written down
 * beside the keys before anybody is told; where stream and memory differ nothing is signed any more. Trusts its
 * own key and its own disk, not the server. Never sees a message. Start at `head.ts`, then `writer.ts`.
 */
export { checkLogCopy, type LogCopy } from "./copy.ts";
export { checkLogKey, listLogKeys, openLogKey } from "./key.ts";
export type { JournalAct, TakenMessage } from "./leaves.ts";
export { restoreLog } from "./restore.ts";
export { makeLogStream } from "./stream.ts";
export { type HubLog, type HubLogOptions, type LogStatus, startHubLog } from "./log.ts";
