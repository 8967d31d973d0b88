/**
 * What is wrong with a message, said to a person in any of the six languages.
 *
 * Promises: every violation has its pointer, its code, the field's name, one sentence and the limit, and never
 * the content. Pure. Trusts that pointers are ours. Start at `explain.ts`.
 */
export {
  type Explanation,
  explainViolation,
  explainViolations,
  renderExplanation,
} from "./explain.ts";
export { checkSubmission, type OfflineCheck } from "./offline.ts";
