import { z } from "zod";

const several = (says: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .meta({ description: `${says}; several with commas between` })
    .optional();

const shared = {
  box: z.enum(["in", "out"]).optional(),
  state: z.string().optional(),
  type: several("message types"),
  crime: several("crimes"),
  country: several("countries that are named in it or that it comes from, such as NG"),
  originator: several("agencies that sent it"),
  rec: several("communities"),
  handling: several("H0 to H3"),
  urgency: several("codes of URGENCY"),
  thread: several("ids of threads"),
  since: z.iso.datetime({ offset: true }).meta({ description: "stored here from this time on" }).optional(),
  until: z.iso.datetime({ offset: true }).meta({ description: "stored here before this time" }).optional(),
  opened: z.enum(["NO"]).meta({ description: "NO: only what nobody here has read" }).optional(),
  order: z.enum(["due"]).meta({ description: "due: the soonest term first; newest first when left out" }).optional(),
  count: z.enum(["true"]).meta({ description: "true: it is also counted how many there are" }).optional(),
  cursor: z.string().optional(),
  limit: z.string().meta({ description: "1 to 200; 50 when left out" }).optional(),
}; // prettier-ignore

const fields = z
  .string()
  .meta({ description: "members of the items that are wanted, with commas between them" })
  .optional();

/** Which messages a list shows; a name that is none of these is refused. */
export const messageQueryShape = z.strictObject({ ...shared, fields });

/** A text to look for, and the same filters. */
export const searchShape = z.strictObject({
  ...shared,
  limit: z.union([z.string(), z.int()]).optional(),
  q: z.string().min(1).max(200).meta({
    description:
      'words, "several in order", or the beginning of one with * at its end; all have to be there',
  }),
});

/** How filters are tried: as the list has them, or with a text. */
export const filterShape = searchShape.partial();

/** Where a page of what stands together goes on. */
export const togetherQueryShape = z.strictObject({
  cursor: z.string().optional(),
  limit: shared.limit,
});

/** What a filter would have met. */
export const triedShape = z.strictObject({
  since: z.iso.datetime(),
  messages: z.number(),
  isMore: z.boolean(),
  byType: z.record(z.string(), z.number()),
  newest: z.array(z.string()),
});
