import { z } from "zod";

import { messageSummaryShape } from "./message-shapes.ts";

const counted = z.strictObject({ messages: z.number(), isMore: z.boolean() });
const moment = z.iso.datetime({ offset: true });

/** What waits for who asks. */
export const homeShape = z
  .strictObject({
    due: z.strictObject({ items: z.array(messageSummaryShape), isMore: z.boolean() }),
    overdue: z.strictObject({
      count: z.number(),
      items: z.array(
        z.strictObject({ thread: z.string(), opening: z.string(), closing: z.string(), by: moment.optional() }),
      ),
    }).meta({ description: "what is awaited of us and late; closing is a code of AWAITED" }),
    flash: z.array(messageSummaryShape).meta({ description: "of others, most urgent: of the last day, and of the last week what nobody here has read" }),
    fresh: counted.meta({ description: "what came in the last day" }),
    continue: z
      .array(
        z.strictObject({
          kind: z.enum(["message", "draft"]),
          id: z.string(),
          type: z.string(),
          handling: z.string(),
          at: z.iso.datetime(),
        }),
      )
      .meta({ description: "what one worked on last" }),
    approvals: z.number().meta({ description: "what waits for this person's word" }),
    drafts: z.strictObject({ count: z.number(), incomplete: z.number() }),
    claims: z.strictObject({ mine: z.number(), all: z.number() }),
    handover: z
      .strictObject({ id: z.string(), at: z.iso.datetime(), name: z.string() })
      .nullable()
      .meta({ description: "the last shift, as long as nobody has signed for it" }),
    queued: z.number().meta({ description: "messages that the hub has not taken yet" }),
    lastIn: z.strictObject({ at: z.iso.datetime(), from: z.string() }).optional(),
  })
  .meta({ id: "Home" }); // prettier-ignore
