import { z } from "zod";

import { countDimensions } from "../../certs/oversight/index.ts";
import { figureTypes } from "../oversight/index.ts";

const day = z.iso.date();
const by = z
  .string()
  .max(100)
  .regex(/^[a-z]+(?:,[a-z]+)*$/)
  .meta({
    description: `what it is counted by, with commas between: ${countDimensions.join(", ")}`,
  });

/** Which counts of the log. */
export const oversightCountsQueryShape = z.strictObject({
  from: day.optional().meta({ description: "the first day, by the hub's clock in UTC" }),
  until: day.optional().meta({ description: "the first day that is not counted" }),
  by: by.optional(),
  positions: z.enum(["some", "all"]).optional().meta({ description: "the first hundred runs of each when left out" }),
  log: z.string().min(1).max(255).optional().meta({ description: "the origin of an earlier log" }),
}); // prettier-ignore

/** Which figures of messages. */
export const oversightFiguresQueryShape = z.strictObject({
  from: day.optional(),
  until: day
    .optional()
    .meta({ description: "messages whose time lies whole from the one to before the other" }),
  type: z.enum(figureTypes).optional(),
  by: z
    .enum(["region", "state"])
    .optional()
    .meta({ description: "one sum of all states, when left out" }),
});

/** What is to be given out as a file. */
export const oversightExportShape = z.strictObject({
  what: z.enum(["counts", "sdg", "tipnet"]),
  from: day.meta({ description: "the first day of a month" }),
  until: day.meta({ description: "the first day of a month that has begun" }),
  by: z.array(z.enum(countDimensions)).max(countDimensions.length).optional().meta({ description: "of counts; month, rec, crime and type when left out" }),
  format: z.enum(["csv", "json"]),
  population: z
    .string()
    .max(65_536)
    .optional()
    .meta({ description: "of sdg: CSV with the heads country, sex, age, persons; without it there are no rates" }),
}); // prettier-ignore

const whole = z.number().int();
const logShape = z.strictObject({ origin: z.string(), size: whole, checkpoint: z.string() });

/** Figures that agencies told. */
export const oversightFiguresShape = z
  .strictObject({
    rows: z.array(
      z.strictObject({
        type: z.string(),
        indicator: z.string(),
        of: z.record(z.string(), z.string()),
        count: whole.optional().meta({ description: "left out: withheld" }),
        quantity: z.strictObject({ value: z.string(), unit: z.string() }).optional(),
        withheldBy: whole.meta({
          description: "how many messages withheld their part: what is told is at least so much",
        }),
        isRounded: z.boolean(),
        states: whole,
        sources: z.array(z.string()),
      }),
    ),
    sources: z
      .array(
        z.strictObject({
          id: z.string(),
          type: z.string(),
          from: z.string(),
          country: z.string(),
          entity: z.string(),
          periodFrom: z.string(),
          periodTo: z.string(),
          provisional: z.boolean(),
          coverage: z.string().optional(),
          log: z.array(z.strictObject({ origin: z.string(), index: whole })),
        }),
      )
      .meta({ description: "the messages, and where they stand in the hub's log once that is proved" }),
    left: z.array(z.strictObject({ id: z.string(), why: z.string() })).meta({
      description:
        "messages that are not counted: WITHDRAWN, BLOCKED, CORRECTED or SUPERSEDED by their senders, or COVERED by one of a longer time or a newer word",
    }),
    readsMore: z.array(z.string()).meta({
      description: "types that the register lets this seat read beyond figures; none, as it should be",
    }),
    log: logShape.optional(),
  })
  .meta({ id: "OversightFigures" }); // prettier-ignore
