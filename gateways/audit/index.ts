/**
 * The audit record of one gateway: who did and read what, when, for what purpose, and what came of it.
 *
 * Promises: a line is on the disk before what it tells of is answered; it holds no content and no person's name; no act
 * of this room takes a line away but retention, by a signed word. Each line holds the hash of the one before, and the
 * agency signs where the record stands. Trusts the store to keep what it said it wrote. Start at `record.ts`, then
 * `line.ts`.
 */
export { type AuditAct, auditActs } from "./acts.ts";
export { hashLine, renderLine } from "./line.ts";
export { type AuditEntry, type AuditHead, type AuditRecord, openAuditRecord } from "./record.ts";
export type { UnusualReads } from "./unusual.ts";
export type { RecordCheck } from "./verify.ts";
