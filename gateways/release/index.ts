/**
 * From what a person hands in to what travels: parse, ask the mandates, compute the audience, seal, sign.
 *
 * Promises: every wrong field is named and nothing is made of a wrong submission; who is shown as audience
 * is exactly who gets a key; what was signed is read back before it leaves. Trusts the register and its
 * own keys. Never stores or sends. Start at `parse-submission.ts`, then `compose.ts`.
 */
export { type Ceiling, ceilingShape, checkCeiling, findClaimedAbove } from "./ceiling.ts";
export * from "./compose.ts";
export { findBars, type PossibleAct } from "./find-bars.ts";
export { findNamedMessages, type Met, type TypedBody, walkBody } from "./inherit.ts";
export { checkMayPublish, readersOf } from "./mandates.ts";
export {
  type Bound,
  type Draft,
  parseSubmission,
  type PassingOn,
  type SubmissionPlace,
} from "./parse-submission.ts";
export * from "./slip.ts";
export { keyRank, urgencyOf, urgencyRank } from "./urgency.ts";
