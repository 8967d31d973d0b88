import { z } from "zod";

/** Grounds, as the list INSPECTION_GROUND has them. */
export const grounds = ["SAMPLE", "COMPLAINT", "ORDER"] as const;

/** How an inspection stands. DRAWING: opened, and its sample waits for the hub's log. */
export const inspectionStates = [
  "ASKED",
  "WITHDRAWN",
  "REFUSED",
  "LAPSED",
  "DRAWING",
  "OPEN",
  "CLOSED",
  "ENDED",
  "EXPIRED",
] as const;

/** One of `inspectionStates`. */
export type InspectionState = (typeof inspectionStates)[number];

const whole = z.int().min(0);
const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const hex = z.string().regex(/^[0-9a-f]{64}$/);
/** The most messages of one inspection. */
export const maxMessages = 50;
const positions = z.array(whole.min(1)).max(maxMessages);

/** What is inspected: messages that are named, all of a thread, or some of a period, drawn. */
export const scopeShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("MESSAGES"), messages: z.array(uuid).min(1).max(maxMessages) }),
  z.strictObject({ kind: z.literal("THREAD"), thread: uuid }),
  z.strictObject({
    kind: z.literal("SAMPLE"),
    from: whole,
    to: whole,
    box: z.enum(["in", "out"]).optional(),
    count: whole.min(1).max(maxMessages),
    nonce: z.string().regex(/^(?:[0-9a-f]{2}){16,64}$/),
  }),
]);

/** One of the scopes. */
export type InspectionScope = z.infer<typeof scopeShape>;

/** What an inspector found: a code of INSPECTION_FINDING, of one message or of all, and a note that stays here. */
export const findingShape = z.strictObject({
  code: z.string().regex(/^[A-Z_]{2,40}$/),
  /** The place of the message among those that are inspected, from 1. */
  place: whole.min(1).optional(),
  note: z.string().max(500).optional(),
});

/** One finding. */
export type Finding = z.infer<typeof findingShape>;

/** All of an inspection beside id, state, asker and times, as it is kept. */
export const contentShape = z.strictObject({
  ground: z.enum(grounds),
  reference: z.string(),
  scope: scopeShape,
  /** Of the open inspection; before it its waiting has an end of its own. */
  until: whole,
  consentedBy: z.string().optional(),
  consentedAs: z.string().optional(),
  openedAt: whole.optional(),
  /** What both keys turned for, as it was written at the opening. */
  terms: z.string().max(2_000).optional(),
  /** Lines of the audit record that the leaves of opening and closing bind. */
  openedLine: whole.optional(),
  closedLine: whole.optional(),
  draw: z
    .strictObject({
      origin: z.string(),
      size: whole,
      root: hex,
      seed: hex,
      population: z.strictObject({ count: whole, digest: hex }),
      positions,
    })
    .optional(),
  /** Ids, in the order of their positions. */
  messages: z.array(uuid).max(maxMessages).optional(),
  /** Positions that were read. */
  read: positions.default([]),
  endedBy: z.string().optional(),
  endedAt: whole.optional(),
  findings: z.array(findingShape).max(100).optional(),
  reportedAt: whole.optional(),
});

/** As it is kept. */
export type InspectionContent = z.infer<typeof contentShape>;
