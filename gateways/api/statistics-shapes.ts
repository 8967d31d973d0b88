import { z } from "zod";

const moment = z.iso.datetime({ offset: true });

/** Which tables. */
export const statisticsQueryShape = z.strictObject({
  type: z.enum(["tip.statistics", "statistics.crime", "statistics.exchange"]).optional(),
  period: z
    .string()
    .regex(/^[0-9]{4}(?:-(?:Q[1-4]|H[12]|[01][0-9]))?$/)
    .optional()
    .meta({ description: "such as 2026-Q1" }),
});

/** Tables of figures; whatever tells of a few persons is withheld. */
export const statisticsShape = z.strictObject({
  items: z.array(
    z.strictObject({
      type: z.string(),
      period: z.string(),
      from: moment,
      until: moment,
      madeAt: moment,
      state: z.enum(["RUNNING", "DRAFT", "SENT", "COUNTED"]),
      draft: z.string().optional().meta({ description: "the draft that an officer sends" }),
      sentAs: z.string().optional(),
      smallestCell: z.number(),
      messages: z.number().meta({ description: "how many it was counted from" }),
      cells: z.array(
        z.looseObject({
          indicator: z.string(),
          count: z.number().optional(),
          treatment: z.string(),
          messages: z.number().optional(),
        }),
      ),
    }),
  ),
});
