import { z } from "zod";

import { heldShape } from "./held-shape.ts";
import { logProofShape } from "./log-shapes.ts";

const names = z.array(z.string());
const instant = z.iso.datetime({ offset: true });
/** What schemas describe stands there once, under `/v1/schemas/{type}`. */
const bodyJson = z.unknown().meta({
  description: "the body in its JSON form, as /v1/schemas/{type} says",
  externalDocs: { url: "/v1/schemas" },
});
const innerJson = z
  .unknown()
  .meta({ description: "the inner header in its JSON form, as /v1/schemas/inner_header says" });

const submissionMembers = {
  type: z.string(),
  recs: names.optional(),
  crimes: names,
  recipients: names.optional(),
  handling: z.string().optional(),
  releaseLevel: z.string().optional(),
  urgency: z.string().optional(),
  status: z.string().optional(),
  action: z.string().optional(),
  languages: names.optional(),
  expiresAt: instant.optional(),
  validFrom: instant.optional(),
  threadId: z.uuid().optional(),
  inReplyTo: z.uuid().optional(),
  supersedes: z.uuid().optional(),
  project: z.strictObject({ recs: names, handling: z.string().optional() }).optional().meta({
    description:
      "beside recipients: to which communities the regional edition goes, of types that have one",
  }),
};

/** A message as it is handed in; what stands in it is judged by the schemas, member by member. */
export const submissionShape = z
  .looseObject({ ...submissionMembers, inner: innerJson.optional(), body: bodyJson })
  .meta({ id: "Submission" });

const summaryMembers = {
  id: z.string(),
  box: z.enum(["in", "out"]),
  originator: z.string(),
  type: z.string(),
  crimes: names,
  recs: names,
  handling: z.string(),
  urgency: z.string(),
  status: z.string(),
  createdAt: instant,
  expiresAt: instant,
  storedAt: instant,
  state: z.enum([
    "QUEUED",
    "ACCEPTED",
    "DELIVERED",
    "REFUSED",
    "EXPIRED",
    "STOPPED",
    "VERIFIED",
    "ERASED",
    "QUARANTINED",
  ]),
  code: z.string().optional(),
  dueAt: instant.optional(),
  claim: heldShape.optional().meta({ description: "in whose hand it is" }),
  opened: z
    .enum(["ME", "OTHERS"])
    .optional()
    .meta({ description: "whether one has read it, or only others here; left out: nobody" }),
  wordsWait: z.literal(true).optional().meta({
    description:
      "in a list: a person here accepts its words of use first; GET /v1/messages/{id}/words",
  }),
};

/** The members of a list's items; `fields` chooses among them. */
export const summaryFields: readonly string[] = Object.keys(summaryMembers);

/** A message of a list; of its members those that were asked for. */
export const messageSummaryShape = z
  .looseObject(summaryMembers)
  .partial()
  .meta({ id: "MessageSummary" });

/** A page of messages; of each item what `fields` asked for. */
export const messagePageShape = z.strictObject({
  items: z.array(messageSummaryShape),
  next: z.string().nullable(),
  count: z.strictObject({ messages: z.number(), isMore: z.boolean() }).optional(),
});

const rung = z
  .strictObject({
    kind: z.enum(["ACCEPTED", "TAKEN_ON", "REFUSED", "DELIVERED", "OPENED"]),
    by: z.string(),
    at: instant,
    channel: z.string(),
    reader: z.number().optional(),
    tellsOpening: z.boolean().optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
    stream: z.string().optional(),
    sequence: z.number().optional(),
  })
  .meta({ id: "Rung" });
const carried = z.strictObject({ agency: z.string(), at: instant, hubAt: instant.optional() });

/** One message in full. */
export const messageShape = z
  .looseObject({
    ...summaryMembers,
    recipients: names,
    threadId: z.string().optional(),
    inReplyTo: z.string().optional(),
    form: z.enum(["OPEN", "SEALED"]),
    inner: innerJson.optional(),
    body: bodyJson.optional(),
    audience: names,
    ladder: z.array(rung),
    carried: z.array(carried).optional(),
    log: z.array(logProofShape).optional(),
    bytes: z.number(),
  })
  .meta({ id: "Message" });

/** The signatures of a message in the JSON form of RFC 7515, and the bytes that were signed. */
export const joseShape = z.strictObject({
  signatures: z.array(z.strictObject({ protected: z.string(), signature: z.string() })),
  envelope: z.string(),
});
