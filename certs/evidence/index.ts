/**
 * One file that proves one message to somebody who has neither our network nor our word: the message or its digests,
 * certificates, the entry of the hub's log with its proof, receipts.
 *
 * Promises: a file has one spelling and a bounded size; each question is answered on its own, yes, no or not asked and
 * why; what is not in the file or not believed is never taken for granted. Holds no key, reads no clock, touches no
 * file. Start at `check.ts`, then `file.ts`.
 */
export * from "./check.ts";
export { collectDocuments, type SignerDocuments } from "./collect.ts";
export { isAboutMessage } from "./check-log.ts";
export { type Evidence, maxEvidenceBytes, parseEvidence, renderEvidence } from "./file.ts";
export * from "./names.ts";
export { type EvidenceTrust, parseRoots, renderRoots, trustRegister } from "./trust.ts";
export type { Verdict } from "./verdict.ts";
export type { EvidencePlace } from "./case.ts";
export { renderReport } from "./render-report.ts";
export * from "./words.ts";
