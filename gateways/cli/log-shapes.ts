import { z } from "zod";

/** How the log of the gateway's hub stands. */
export const logStandingShape = z.looseObject({
  hub: z.string(),
  state: z.enum(["NONE", "WAITING", "GOOD", "MISSING", "INCONSISTENT"]),
  size: z.number().optional(),
  at: z.string().optional(),
  pending: z.number(),
  missing: z.number(),
  witnesses: z
    .looseObject({ lateSince: z.string().optional(), missing: z.array(z.string()) })
    .optional(),
  acts: z
    .looseObject({
      state: z.enum(["WAITING", "MISSING", "REFUSED"]),
      waiting: z.number(),
      since: z.string(),
      code: z.string().optional(),
    })
    .optional(),
  counted: z.looseObject({ size: z.number(), behindSince: z.string().optional() }).optional(),
});

/** Whether a message is proved in the hub's log. */
export const logProofShape = z.looseObject({
  channel: z.string(),
  state: z.enum(["PENDING", "PROVED", "MISSING"]),
  code: z.string().optional(),
  index: z.number().optional(),
  leafAt: z.string().optional(),
  size: z.number().optional(),
  cosignedAt: z.string().optional(),
});

/** What the gateway saw of the logs of hubs. */
export const logShape = z.looseObject({
  standing: logStandingShape.optional(),
  heads: z.array(
    z.looseObject({
      origin: z.string(),
      size: z.number(),
      root: z.string(),
      at: z.string(),
      endedAt: z.string().optional(),
    }),
  ),
  told: z.array(
    z.looseObject({ agency: z.string(), size: z.number(), at: z.string(), state: z.string() }),
  ),
  alarms: z.array(
    z.looseObject({
      code: z.string(),
      says: z.string(),
      hub: z.string(),
      at: z.string(),
      agency: z.string().optional(),
      endedAt: z.string().optional(),
    }),
  ),
  acts: z
    .array(
      z.looseObject({
        act: z.string(),
        state: z.enum(["WAITING", "PROVED"]),
        at: z.string(),
        line: z.number(),
        index: z.number().optional(),
        code: z.string().optional(),
      }),
    )
    .default([]),
});
