import { z } from "zod";

/** Two weeks: as long as a register that is not renewed is used at all. */
const maxHours = 14 * 24;

/** How old the copy here may be, which is all that is looked through. An operator may be stricter than usual, not laxer. */
export const lookupPolicyShape = z
  .strictObject({
    /** From here on answers are marked as old. */
    markAfterHours: z.int().min(1).max(72).default(72),
    /** From here on nothing is answered. */
    refuseAfterHours: z.int().min(1).max(maxHours).default(maxHours),
  })
  .refine(
    ({ markAfterHours, refuseAfterHours }) => markAfterHours <= refuseAfterHours,
    "markAfterHours is at most refuseAfterHours",
  );

/** As an operator chose it. */
export type LookupPolicy = z.infer<typeof lookupPolicyShape>;

/** Full use for 72 hours without a link, and 14 days in all. */
export const usualLookupPolicy: LookupPolicy = { markAfterHours: 72, refuseAfterHours: maxHours };
