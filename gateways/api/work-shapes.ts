import { z } from "zod";

const moment = z.iso.datetime({ offset: true });

const dueShape = {
  closing: z
    .string()
    .meta({ description: "ACKNOWLEDGEMENT, RESULT, FEEDBACK, ANSWER, DECISION or PURGE" }),
  of: z.string().meta({ description: "the agency it is awaited of" }),
  by: moment.optional().meta({ description: "absent while its clock stands or has not begun" }),
  isOverdue: z.boolean(),
};

const matterShape = z.strictObject({
  workflow: z.string(),
  state: z.string(),
  opening: z.string().meta({ description: "id of the message that opened it" }),
  opener: z.string(),
  other: z
    .string()
    .meta({ description: "who is to act; empty while nobody has taken up what went to a feed" }),
  isEnded: z.boolean(),
  waitingOn: z
    .array(z.string())
    .meta({ description: "kinds of authorities that the result hangs on" }),
  next: z.array(z.strictObject({ agency: z.string(), type: z.string() })),
  awaited: z.array(z.strictObject(dueShape)),
  messages: z.array(z.string()),
  refused: z.array(z.strictObject({ id: z.string(), reason: z.string() })),
});

/** How a thread stands. */
export const threadStateShape = z.strictObject({
  id: z.string(),
  matters: z.array(matterShape),
  missing: z
    .array(z.string())
    .meta({ description: "digests of messages that somebody followed and that are not here" }),
  beside: z.array(z.string()).meta({ description: "messages that belong to no matter" }),
});

/** What is awaited over all threads. */
export const awaitedShape = z.strictObject({
  items: z.array(
    z.strictObject({
      thread: z.string(),
      workflow: z.string(),
      state: z.string(),
      opening: z.string(),
      opener: z.string(),
      other: z.string(),
      ...dueShape,
    }),
  ),
});

/** Of whom something is awaited, and whether only what is late is asked for. */
export const awaitedQueryShape = z.strictObject({
  overdue: z.literal("true").optional(),
  of: z.string().max(100).optional().meta({ description: "an agency; all when left out" }),
});
