import type { BulletinRedFlag } from "../gen/index.ts";
import { isReversed } from "./period.ts";
import type { BodyContext, Rule } from "./rule.ts";

/** A bulletin's validity ends after it begins. */
export const validInOrder: Rule<BodyContext<BulletinRedFlag>> = {
  code: "RULE_PERIOD_REVERSED",
  says: "validUntil is before validFrom; exchange or correct them",
  find: ({ body }) => (isReversed(body.validFrom, body.validUntil) ? ["/validUntil"] : []),
};
