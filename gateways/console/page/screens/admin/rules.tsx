import type { VNode } from "preact";

import { AgencyRules } from "../../parts/agency-rules.tsx";
import { RuleTest } from "../../parts/rule-test.tsx";

/** What the register lets whom do, as sentences, and the function that decides, to be asked. */
export function Rules(): VNode {
  return (
    <>
      <AgencyRules />
      <RuleTest />
    </>
  );
}
