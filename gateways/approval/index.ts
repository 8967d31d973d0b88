/**
 * Messages that take two officers: what one handed in waits here until another has seen exactly what will be sent, and to
 * whom, and sends it.
 *
 * Promises: nobody releases what he wrote on, by whatever way he comes; what is sent is what was shown, to just those who
 * were shown; what waits outlives the process and ends by itself, and then nothing is sent. Trusts whoever tells who asks.
 * Start at `desk.ts`, then `second.ts` (who is a second person) and `rule.ts` (what takes two).
 */
export { type HandedIn, makeReleaseDesk, type ReleaseDesk } from "./desk.ts";
export { type FourEyesChoice, fourEyesShape, makeFourEyes } from "./rule.ts";
export type { ReleaseFiles, ShownRelease } from "./show.ts";
