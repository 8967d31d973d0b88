/**
 * Checks at a post answered in seconds: hit, no hit or call us, by what this state holds itself (domain.md §10, T4, T28).
 *
 * Promises: an answer holds references that say nothing outside it, and nothing of what is held; what is kept from the asker, or
 * not released to it, is not there for it; what was not searched is never "no hit"; one question has one answer, however often
 * this process ends. Answers by itself only where the operator says so. Start at `answerer.ts`.
 */
export { type QueryAnswerer, startQueryAnswerer } from "./answerer.ts";
export { type QueryPolicy, queryPolicyShape } from "./policy.ts";
