import { z } from "zod";

const names = z.array(z.string());

/** What a submission became. */
export const submittedShape = z.strictObject({
  id: z.string(),
  created: z.boolean(),
  audience: names,
  projection: z
    .strictObject({ id: z.string(), audience: names })
    .optional()
    .meta({ description: "the regional edition that goes with it" }),
});

const words = z.record(z.enum(["en", "fr", "pt", "ar", "es", "sw"]), z.string());

/** What was found wrong, and who would read it. */
export const validationShape = z.strictObject({
  valid: z.boolean(),
  problems: z.array(
    z.strictObject({
      path: z.string(),
      code: z.string(),
      message: z.string(),
      field: words,
      sentence: words,
      limit: z.string().optional(),
    }),
  ),
  bytes: z.number(),
  audience: names,
  twoOfficers: names
    .optional()
    .meta({ description: "why it waits for an approver when it is handed in" }),
  seconds: z.number().optional().meta({ description: "to send it, at the speed seen last" }),
  bytesPerSecond: z.number().optional(),
  attachments: z
    .array(
      z.strictObject({
        digest: z.string(),
        size: z.number(),
        carried: z.boolean().meta({ description: "false: only spoken of, upload it first" }),
        bytes: z.number(),
        seconds: z.number().optional(),
      }),
    )
    .optional(),
});

/** What a redacted copy says. */
export const copyShape = z.strictObject({
  id: z.string(),
  originator: z.string(),
  type: z.string(),
  createdAt: z.iso.datetime(),
  inner: z.unknown().optional(),
  body: z.unknown(),
  withheld: names,
});

/** Whether a translation is of its original. */
export const translationCheckShape = z.strictObject({
  bound: z.boolean(),
  code: z.string().optional(),
});
