import { z } from "zod";

/** What `queries` of `gateway.json` may say. */
export const queryPolicyShape = z.strictObject({
  /** Whether checks are answered by this gateway, without a person; whoever leaves it out answers each himself. */
  automatic: z.boolean(),
  /** Persons and things that one agency may ask about in an hour before a person has to answer; 600 when left out. */
  perHour: z.int().min(1).max(100_000).optional(),
});

/** How the operator has checks answered. */
export type QueryPolicy = z.infer<typeof queryPolicyShape>;

/** A busy post asks about some hundred in an hour; who asks about thousands tries out names. */
export const usualPerHour = 600;
