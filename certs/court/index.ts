/**
 * The evidence of a message judged a second time, by code of its own: what the page shows to a court in a browser.
 *
 * Promises: imports nothing, asks no network; each question on its own, as certs/evidence asks it; what only the register
 * could say is left open. Holds no key. Start at `judge.ts`.
 */
export { type CourtReport, judgeEvidence } from "./judge.ts";
