import { z } from "zod";

import { codeList } from "../../schemas/index.ts";

const instant = z.iso.datetime({ offset: true });
const text = z.strictObject({ text: z.string(), lang: z.string() });
const codeOf = (list: string): z.ZodEnum<Record<string, string>> =>
  z.enum(codeList(list)?.codes ?? []);

/** For what an authority is looked for; without any of it the agencies of the register are listed. */
export const directoryQueryShape = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .meta({ description: "whose authorities, such as NG" })
    .optional(),
  function: codeOf("AUTHORITY_FUNCTION").optional(),
  crime: codeOf("CRIME").optional(),
});

const agencyShape = z.strictObject({
  agency: z.string(),
  kind: z.string(),
  authority: z.string(),
  recs: z.array(z.string()),
});

const pingShape = z.strictObject({
  id: z.string(),
  to: z.array(z.string()),
  at: instant,
  answerBy: instant,
  answeredAt: instant.optional(),
  contactState: z.string().optional(),
});

/** An authority, as it is told. */
export const authorityShape = z.looseObject({
  entry: z.string().meta({ description: "id of the message it stands in" }),
  country: z.string(),
  name: text,
  kind: z.string(),
  functions: z.array(z.string()),
  crimes: z.array(z.string()).meta({ description: "empty: for all" }),
  agency: z.string().optional(),
  channels: z.array(z.string()),
  languages: z.array(z.string()).meta({ description: "accepted; the preferred one first" }),
  urgentProcedure: text.optional(),
  urgentPhone: z.string().optional(),
  publishedBy: z.string(),
  signedByState: z.boolean(),
  verifiedAt: instant,
  good: z.boolean(),
  flags: z.array(z.string()).meta({
    description:
      "STALE, UNANSWERED, NOT_REACHED, CHANGED, NOT_COMPETENT, NOT_BY_ITS_STATE, NOT_ON_NETWORK",
  }),
  lastPing: pingShape.optional(),
  onDuty: z.boolean().optional().meta({
    description: "whether somebody is on duty there now; absent where its state wrote no roster",
  }),
});

/** Agencies of the register, and where it was asked for them the authorities that are competent. */
export const directoryShape = z.strictObject({
  agencies: z.array(agencyShape),
  servedRecs: z.array(z.string()),
  authorities: z
    .array(authorityShape)
    .meta({ description: "whom to ask first at the front; left out where nothing was asked" })
    .optional(),
});

/** The question to an authority whether its entry holds, to be sent as a message. */
export const pingDraftShape = z.strictObject({ message: z.record(z.string(), z.unknown()) });

/** An authority as it is shown. */
export type AuthorityShape = z.infer<typeof authorityShape>;
