import { z } from "zod";

import { heldShape } from "./held-shape.ts";
import { messageQueryShape } from "./list-shapes.ts";
import { messageSummaryShape } from "./message-shapes.ts";

const instant = z.iso.datetime();
const words = (most: number): z.ZodString => z.string().trim().min(1).max(most);

/** That a person has a message in hand. */
export const claimShape = z
  .strictObject({
    message: z.string(),
    ...heldShape.shape,
    since: instant,
    takenFrom: z.string().optional().meta({ description: "the name of whom it was taken from" }),
    reason: z.string().optional(),
    line: messageSummaryShape.optional().meta({ description: "in the list of claims: the message as lists show it" }),
  })
  .meta({ id: "Claim" }); // prettier-ignore

/** What is in hand now. */
export const claimsShape = z.strictObject({ items: z.array(claimShape) });

/** How a message is taken in hand. */
export const claimWishShape = z.strictObject({
  takeOver: words(200).optional().meta({ description: "why it is taken from another; left out, another's claim stands" }),
}); // prettier-ignore

const counted = z.strictObject({ messages: z.number(), isMore: z.boolean() });

const standing = {
  since: instant.meta({ description: "when the shift before was handed over, or twelve hours ago" }),
  came: counted.meta({ description: "messages of others since then" }),
  due: z.array(
    z.strictObject({ id: z.string(), type: z.string(), urgency: z.string(), dueAt: instant }),
  ),
  overdue: z.number().meta({ description: "how much that is awaited of us is late" }),
  claims: z.array(z.strictObject({ message: z.string(), name: z.string() })),
  approvals: z.number().meta({ description: "how many messages wait for a second officer" }),
  waiting: z.number().meta({ description: "messages that the hub has not taken yet" }),
}; // prettier-ignore

/** What there is to hand over now. */
export const standingShape = z.strictObject(standing).meta({ id: "ShiftStanding" });

/** A shift that was handed over; of messages only those its reader may see. */
export const handoverShape = z
  .strictObject({
    id: z.string(),
    at: instant,
    by: z.string(),
    name: z.string(),
    note: z.string(),
    ...standing,
    taken: z.strictObject({ by: z.string(), name: z.string(), at: instant }).optional(),
  })
  .meta({ id: "Handover" });

/** The last of them. */
export const handoversShape = z.strictObject({ items: z.array(handoverShape) });

/** What is said when a shift is handed over. */
export const handoverWishShape = z.strictObject({ note: z.string().trim().max(1_000).default("") });

const {
  cursor: _cursor,
  limit: _limit,
  count: _count,
  fields: _fields,
  ...kept
} = messageQueryShape.shape;

/** A list as it is kept under a name. */
export const viewTextShape = z.strictObject({
  name: words(80),
  shared: z.boolean().default(false).meta({ description: "everybody here who reads is shown it" }),
  query: z.strictObject({ ...kept, q: z.string().min(1).max(200).optional() }).meta({ description: "as GET /v1/messages and POST /v1/messages:search have it" }),
}); // prettier-ignore

/** A list that is kept. */
export const viewShape = z
  .strictObject({ id: z.string(), mine: z.boolean(), ...viewTextShape.shape, shared: z.boolean() })
  .meta({ id: "View" });

/** Lists that are kept: one's own and the shared ones. */
export const viewsShape = z.strictObject({ items: z.array(viewShape) });
