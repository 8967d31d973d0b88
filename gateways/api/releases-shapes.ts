import { z } from "zod";

import { messageShape } from "./message-shapes.ts";

const names = z.array(z.string());
const instant = z.iso.datetime();

/** How something that takes two officers stands. */
export const releaseShape = z
  .strictObject({
    id: z.string(),
    state: z.enum(["WAITING", "RELEASED", "RETURNED", "WITHDRAWN", "EXPIRED"]),
    type: z.string(),
    handling: z.string(),
    urgency: z.string(),
    by: z.string().meta({ description: "who handed it in" }),
    writers: names.meta({ description: "who else wrote on it" }),
    reasons: names.meta({ description: "why it takes two: HANDLING, SENSITIVE, TYPE" }),
    audience: names.meta({ description: "who would have read it when it was handed in" }),
    madeAt: instant,
    expiresAt: instant.meta({ description: "until then it waits; after it nothing is sent" }),
    decidedBy: z.string().optional(),
    decidedAt: instant.optional(),
    reason: z.string().optional(),
    sentAs: z.string().optional().meta({ description: "the message it became" }),
  })
  .meta({ id: "Release" });

/** A page of them. */
export const releasePageShape = z.strictObject({ items: z.array(releaseShape) });

const projectionShape = z
  .strictObject({ audience: names, bytes: z.number(), message: messageShape })
  .optional()
  .meta({ description: "the regional edition that would go with it" });

/** One of them, and exactly what would be sent now. */
export const shownReleaseShape = z.strictObject({
  ...releaseShape.shape,
  version: z
    .string()
    .optional()
    .meta({ description: "of what is shown; If-Match of who releases it" }),
  problems: z.array(z.looseObject({ path: z.string(), code: z.string() })),
  now: z
    .strictObject({
      audience: names,
      joined: names.meta({
        description: "who would read it now, and was not to when it was handed in",
      }),
      left: names,
      bytes: z.number(),
      seconds: z.number().optional(),
      message: messageShape,
      projection: projectionShape,
    })
    .optional(),
});

/** A message as its readers would have it, were it sent now. */
export const previewShape = z.strictObject({
  audience: names,
  bytes: z.number(),
  seconds: z.number().optional().meta({ description: "on the link as it is now" }),
  twoOfficers: names.meta({ description: "why it takes two; none: one is enough" }),
  message: messageShape,
  projection: projectionShape,
});

/** Which of them. */
export const releaseQueryShape = z.strictObject({ state: releaseShape.shape.state.optional() });

/** Why it is given back. */
export const returnShape = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** That a message was stopped. */
export const stoppedShape = z.strictObject({ id: z.string(), state: z.literal("STOPPED") });
