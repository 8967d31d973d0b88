import { z } from "zod";

import { trendDimensions } from "../insight/index.ts";

const day = z.iso.date();

/** What is counted. */
export const trendsQueryShape = z.strictObject({
  from: day.optional().meta({ description: "the first day, in UTC; thirteen weeks back when left out" }),
  until: day.optional().meta({ description: "the first day that is not counted; tomorrow when left out" }),
  by: z
    .string()
    .max(60)
    .optional()
    .meta({ description: `some of ${trendDimensions.join(", ")}, with commas between; week and crime when left out` }),
  box: z.enum(["in", "out"]).optional().meta({ description: "in when left out" }),
  exercise: z.literal("true").optional().meta({ description: "exercises, which are never counted with the rest" }),
  smallest: z.enum(["5", "10"]).optional().meta({ description: "figures below it are withheld, and others with them; a CSV file has none below 5" }),
}); // prettier-ignore

/** Counts of messages over weeks. */
export const trendsShape = z
  .strictObject({
    from: day,
    until: day,
    by: z.array(z.enum(trendDimensions)),
    smallest: z.number().meta({ description: "0: nothing is withheld" }),
    rows: z.array(
      z.strictObject({
        of: z.record(z.string(), z.string()),
        count: z.number().optional().meta({ description: "left out: withheld" }),
      }),
    ),
  })
  .meta({ id: "Trends" });

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A digest that somebody outside was given. */
export const challengeShape = z.strictObject({
  digest: hex.meta({ description: "SHA-256 of an envelope, as evidence files have it, or what a leaf binds of an act" }),
}); // prettier-ignore

/** What this gateway knows of it; nothing of content. */
export const challengedShape = z.strictObject({
  found: z.boolean().meta({ description: "false says what this gateway has, and nothing of others" }),
  entries: z.array(
    z.strictObject({
      as: z.enum(["MESSAGE", "ACT"]),
      state: z.string().meta({ description: "PROVED, PENDING, WAITING or MISSING" }),
      origin: z.string().optional(),
      index: z.number().optional(),
      at: z.iso.datetime().optional(),
    }),
  ),
}); // prettier-ignore
