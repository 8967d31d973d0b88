import { z } from "zod";

import { authorityShape } from "./directory-shapes.ts";

const moment = z.iso.datetime({ offset: true });

const dueShape = {
  closing: z
    .string()
    .meta({ description: "ACKNOWLEDGEMENT, RESULT, FEEDBACK, ANSWER, DECISION or PURGE" }),
  closingName: z.string().meta({ description: "the same in the language that is accepted" }),
  of: z.string().meta({ description: "the agency it is awaited of" }),
  by: moment.optional().meta({ description: "absent while its clock stands or has not begun" }),
  isOverdue: z.boolean(),
  isBarred: z
    .boolean()
    .meta({ description: "awaited of who has a right to nothing that would end it" }),
};

const matterShape = z.strictObject({
  workflow: z.string(),
  state: z.string().meta({ description: "code of MATTER_STATE" }),
  stateName: z.string().meta({ description: "the same in the language that is accepted" }),
  opening: z.string().meta({ description: "id of the message that opened it" }),
  opener: z.string(),
  other: z
    .string()
    .meta({ description: "who is to act; empty while nobody has taken up what went to a feed" }),
  isEnded: z.boolean(),
  waitingOn: z
    .array(z.string())
    .meta({ description: "kinds of authorities that the result hangs on" }),
  next: z.array(z.strictObject({ agency: z.string(), type: z.string() })).meta({
    description: "who may say what next, by the state of the matter and by the register",
  }),
  barred: z
    .array(z.strictObject({ agency: z.string(), type: z.string(), reasons: z.array(z.string()) }))
    .meta({
      description: "what the state allows and the register does not; codes of DENIAL_REASON",
    }),
  awaited: z.array(
    z.strictObject({
      ...dueShape,
      isEscalated: z.boolean().meta({ description: "overdue twice" }),
    }),
  ),
  leads: z.array(z.strictObject({ message: z.string(), agency: z.string().optional() })).meta({
    description: "police messages that led to it; who gave them is to hear what came of it",
  }),
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
      stateName: z.string(),
      opening: z.string(),
      opener: z.string(),
      other: z.string(),
      ...dueShape,
      isEscalated: z.boolean().meta({ description: "overdue twice" }),
    }),
  ),
});

/** Of whom something is awaited, and whether only what is late is asked for. */
export const awaitedQueryShape = z.strictObject({
  overdue: z.literal("true").optional(),
  of: z.string().max(100).optional().meta({ description: "an agency; all when left out" }),
});

const link = z.string().optional();
const contactShape = z.strictObject({
  side: z.enum(["OTHER", "OWN"]),
  agency: z.string().meta({ description: "who stands on that side of the matter" }),
  country: z.string(),
  function: z.enum(["POLICE_SPOC", "FIU"]),
  known: z
    .boolean()
    .meta({ description: "false: its state published no contact point that is here" }),
  authority: authorityShape.optional(),
});

/** Deadlines that passed. */
export const breachesShape = z.strictObject({
  items: z.array(
    z.strictObject({
      thread: link.meta({
        description: "this, opening, opener and other only to who may see the opening message",
      }),
      opening: link,
      opener: link,
      other: link,
      workflow: z.string(),
      closing: dueShape.closing,
      closingName: dueShape.closingName,
      of: dueShape.of,
      by: moment,
      isOpen: z.boolean().meta({ description: "whether it is awaited still" }),
      stands: z
        .boolean()
        .meta({ description: "false where what was awaited had been sent in time and came late" }),
      endedAt: moment
        .optional()
        .meta({ description: "when it came after all, or more time was given" }),
      escalatedAt: moment.optional().meta({ description: "since when it is overdue twice" }),
      contacts: z.array(contactShape).optional().meta({
        description:
          "of what is overdue twice and awaited still, and not for an auditor: whom to call on each side, by the directory of now; nothing is sent to them",
      }),
    }),
  ),
});

/** Of whom something was awaited, and whether only what is awaited still is asked for. */
export const breachesQueryShape = z.strictObject({
  open: z.literal("true").optional(),
  opening: z.uuid().optional().meta({ description: "the message that opened the matter" }),
  of: z.string().max(100).optional().meta({ description: "an agency; all when left out" }),
});
