import { z } from "zod";

const moment = z.iso.datetime({ offset: true });

const hold = {
  id: z.string(),
  message: z.string(),
  ref: z.string(),
  country: z.string(),
  ground: z.string(),
  until: moment,
  setBy: z.string(),
  setAt: moment,
  confirmedBy: z.string().optional(),
  liftedBy: z.string().optional(),
  liftedAt: moment.optional(),
  liftGround: z.string().optional(),
  isStanding: z.boolean().meta({ description: "whether it keeps anything now" }),
};

/** One legal hold. */
export const holdShape = z.strictObject(hold);
/** Legal holds. */
export const holdsShape = z.strictObject({ items: z.array(holdShape) });

/** What an authority orders to be kept. */
export const holdWishShape = z.strictObject({
  ids: z.array(z.string().min(1).max(36)).min(1).max(50),
  ref: z.string().min(1).max(100).meta({ description: "the number of the order" }),
  country: z.string().regex(/^[A-Z]{2}$/),
  ground: z.string().min(1).max(500),
  until: moment,
});

/** Why a hold ends. */
export const liftShape = z.strictObject({ ground: z.string().min(1).max(500) });

/** What is looked at again or goes soon. */
export const retentionShape = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string(),
      originator: z.string(),
      type: z.string(),
      box: z.string(),
      keep: z.string().meta({ description: "what its time counts from; SAID: its sender named the day" }),
      isHeld: z.boolean(),
      reviewAt: moment.optional(),
      deleteAt: moment,
    }),
  ),
}); // prettier-ignore

/** What was erased here. */
export const erasuresShape = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string(),
      originator: z.string(),
      box: z.string(),
      why: z.string(),
      order: z.string().optional(),
      files: z.number(),
      drafts: z.number(),
      at: moment,
      digest: z.string(),
      evidence: z.string(),
    }),
  ),
});
