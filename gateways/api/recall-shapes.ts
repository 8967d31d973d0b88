import { z } from "zod";

const moment = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(36);

const answer = z.looseObject({
  done: z.string().meta({ description: "a code of PURGE_RESULT" }),
  at: moment,
  onwardDone: z.array(z.string()),
  onwardPending: z.array(z.string()),
});

const line = {
  id: z.string().meta({ description: "the message of ours that is taken back" }),
  kind: z.string().meta({ description: "UPDATE, CANCEL, PROLONG, LIFT, CORRECT, BLOCK or PURGE" }),
  state: z.string().meta({ description: "AWAITED, OVERDUE, PARTIAL, or COMPLETE once all have answered" }),
  orders: z.number(),
  holders: z.number(),
  done: z.number(),
  kept: z.number().meta({ description: "kept by an order of an authority, or refused" }),
  overdue: z.number(),
  unreached: z.number().meta({ description: "not asked, or no order could be written to them" }),
  unanswered: z.number().optional().meta({
    description: "hubs beyond that have not said in time that they keep nothing of it; left out where there is none",
  }),
}; // prettier-ignore

/** Messages of ours that are taken back. */
export const recallsShape = z.strictObject({ items: z.array(z.strictObject(line)) });

const holder = z.looseObject({
  agency: z.string(),
  held: z.string().meta({ description: "DELIVERED, CARRIED, NOT_YET, or ONWARD: another holder names him" }),
  state: z.string(),
  isOverdue: z.boolean(),
  due: moment.optional(),
  answer: answer.optional(),
}); // prettier-ignore

const erasure = z.looseObject({
  id: z.string(),
  why: z.string(),
  at: moment,
  evidence: z.string(),
});

/** One of them, holder by holder. */
export const recallShape = z.strictObject({
  ...line,
  ordered: z.array(z.looseObject({ kind: z.string() })),
  copies: z.array(holder),
  hub: z
    .array(z.looseObject({ stream: z.string(), at: moment }))
    .meta({ description: "what the hub says it keeps no bytes of" }),
  beyond: z
    .array(
      z.looseObject({
        hub: z.string(),
        relay: z.string(),
        state: z.string().optional().meta({
          description:
            "AWAITED; OVERDUE, past the order's deadline and asked on; ANSWERED; UNANSWERED: asked no more after sixty days, when neither relay nor hub keeps it any longer",
        }),
        askedAt: moment,
        due: moment.optional(),
        at: moment.optional(),
      }),
    )
    .optional()
    .meta({
      description:
        "hubs that a relay brought it to: since when each says it keeps no bytes of it, once it does",
    }),
  files: z.strictObject({ asked: z.number(), gone: z.number() }).optional().meta({
    description:
      "pieces of its files that the hub is to keep no more, and how many it says are gone",
  }),
  here: z.array(erasure),
});

/** What is to be taken back. */
export const recallWishShape = z.strictObject({
  ids: z.array(id).min(1).max(50),
  scope: z
    .enum(["MESSAGE", "PERSON_IN_MESSAGE", "ATTACHMENT", "ALL_DERIVED"])
    .default("MESSAGE")
    .meta({
      description:
        "PERSON_IN_MESSAGE has the whole copy deleted too: send a new message without those persons",
    }),
  reason: z.string().min(1).max(40).meta({ description: "a code of PURGE_REASON" }),
  deadline: moment,
  more: z
    .record(z.string().max(60), z.unknown())
    .optional()
    .meta({ description: "what else data.purge says: orderRef, orderAuthority, subjectRefs …" }),
});

/** What came of it. */
export const recallStartedShape = z.strictObject({
  sent: z.array(z.strictObject({ holder: z.string(), id: z.string() })),
  unreached: z.array(z.strictObject({ holder: z.string(), code: z.string() })),
});

const asked = z.looseObject({
  order: z.string().optional(),
  message: z.string(),
  originator: z.string(),
  kind: z.string(),
  state: z.string(),
  told: z.string().optional(),
  trouble: z.string().optional().meta({ description: "the code of why it is not answered yet" }),
  onwardPending: z.array(z.string()),
  outside: z.array(z.looseObject({ use: z.number() })),
});

/** What others ordered us. */
export const askedShape = z.strictObject({ items: z.array(asked) });
/** One of these. */
export const askedOneShape = asked;

/** A body outside the network has undone what it was given. */
export const outsideShape = z.strictObject({
  use: z.number().int().min(1).meta({ description: "its number, as the order's list names it" }),
  ref: z.string().min(1).max(100).meta({ description: "of the letter that says so" }),
});
