/**
 * Rules that span fields: small named functions, each with its own code, in a table a type.
 *
 * Promises: pure, and each breach is told with the pointer of the field to mend. Trusts that values passed
 * their validators; what did not is kept from them (`refused.ts`). Never looks at time, the register or keys: those are the gateway's and the hub's.
 * Start at `body-rules.ts` and `header.ts`, which list the rules in force.
 */
export { bodyRulesOf, messageRulesOf } from "./body-rules.ts";
export { headerRules } from "./header.ts";
export { isStaleEntry } from "./languages/index.ts";
export { findPersonal } from "./personal.ts";
export { withoutRefused } from "./refused.ts";
export { findBroken } from "./rule.ts";
export type { BodyContext, HeaderContext, MessageContext, Rule } from "./rule.ts";
