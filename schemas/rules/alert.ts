import type { AlertIncident } from "../gen/index.ts";
import { isReversed } from "./period.ts";
import type { BodyContext, Rule } from "./rule.ts";

/** What happened ended after it began. */
export const occurredInOrder: Rule<BodyContext<AlertIncident>> = {
  code: "RULE_PERIOD_REVERSED",
  says: "occurredTo is before occurredFrom; exchange or correct them",
  find: ({ body }) => (isReversed(body.occurredFrom, body.occurredTo) ? ["/occurredTo"] : []),
};
