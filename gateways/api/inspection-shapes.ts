import { z } from "zod";

import { findingShape, grounds, inspectionStates, maxMessages } from "../inspection/index.ts";

const moment = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(36);
const box = z.enum(["in", "out"]);

const entry = z
  .strictObject({
    state: z.enum(["NONE", "WAITING", "PROVED"]),
    code: z.string().optional(),
    origin: z.string().optional(),
    index: z.number().optional(),
  })
  .meta({ description: "whether the act stands in the hub's log" });

/** What an inspector asks for. */
export const inspectionWishShape = z.strictObject({
  ground: z.enum(grounds),
  reference: z.string().min(1).max(40).meta({ description: "the number of the case at the inspector's authority; no name" }),
  until: moment.meta({ description: "within 30 days" }),
  messages: z.array(id).min(1).max(maxMessages).optional(),
  thread: id.optional(),
  sample: z
    .strictObject({
      from: moment,
      to: moment,
      box: box.optional(),
      count: z.number().int().min(1).max(maxMessages),
      nonce: z.string().min(32).max(128).meta({ description: "the inspector's own random bytes, hexadecimal: the draw is made of them and of the hub's log" }),
    })
    .optional(),
}); // prettier-ignore

/** What an inspector found. */
export const closingShape = z.strictObject({ findings: z.array(findingShape).min(1).max(100) });

const item = z.strictObject({
  place: z.number(),
  id: z.string(),
  state: z.enum(["READABLE", "ERASED", "ABOVE_CEILING", "ABSENT"]),
  isRead: z.boolean(),
  box: box.optional(),
  type: z.string().optional(),
  handling: z.string().optional(),
  storedAt: moment.optional(),
});

/** One inspection. */
export const inspectionShape = z
  .strictObject({
    id: z.string(),
    state: z.enum(inspectionStates).meta({ description: "DRAWING: opened, and its sample waits for the hub's log. LAPSED: nobody consented in time" }),
    ground: z.enum(grounds),
    reference: z.string(),
    scope: z.record(z.string(), z.unknown()),
    until: moment,
    askedBy: z.string(),
    askedAt: moment,
    endsAt: moment,
    consentedBy: z.string().optional(),
    consentedAs: z.string().optional(),
    openedAt: moment.optional(),
    openedEntry: entry.optional(),
    endedBy: z.string().optional(),
    endedAt: moment.optional(),
    closedEntry: entry.optional(),
    draw: z
      .strictObject({
        origin: z.string(),
        size: z.number(),
        root: z.string(),
        seed: z.string(),
        population: z.strictObject({ count: z.number(), digest: z.string() }),
        positions: z.array(z.number()),
      })
      .optional(),
    inspected: z.number(),
    read: z.number(),
    findings: z.array(findingShape).optional(),
    items: z.array(item).optional().meta({ description: "for its inspector, while it is open" }),
  })
  .meta({ id: "Inspection" }); // prettier-ignore

/** Inspections. */
export const inspectionsShape = z.strictObject({ items: z.array(inspectionShape) });

/** A report with the agency's signature. */
export const reportShape = z.strictObject({
  statement: z.string().meta({ description: "JSON; these very bytes are signed" }),
  signature: z.string().meta({ description: "detached JWS, RFC 7797, of type atumpan-inspection" }),
}); // prettier-ignore
