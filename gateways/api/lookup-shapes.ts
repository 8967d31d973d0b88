import { z } from "zod";

import { codeList } from "../../schemas/index.ts";
import { lookupLimits } from "../lookups/index.ts";

const instant = z.iso.datetime({ offset: true });
const country = z.string().regex(/^[A-Z]{2}$/);
const codeOf = (list: string): z.ZodEnum<Record<string, string>> =>
  z.enum(codeList(list)?.codes ?? []);
const ref = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/);

const birthShape = z.strictObject({
  year: z.int().min(1800).max(2200),
  month: z.int().min(1).max(12).optional(),
  day: z.int().min(1).max(31).optional(),
});

const subjectShape = z
  .strictObject({
    ref: ref.optional(),
    kind: codeOf("QUERY_KIND"),
    identifier: z.string().min(1).max(300).optional(),
    issuerCountry: country.optional(),
    documentType: codeOf("DOCUMENT_TYPE").optional(),
    name: z.string().min(1).max(200).optional(),
    birth: birthShape.optional(),
  })
  .refine(
    ({ kind, identifier, name, birth }) =>
      kind === "PERSON"
        ? name !== undefined && birth !== undefined && identifier === undefined
        : identifier !== undefined && name === undefined && birth === undefined,
    "a PERSON is asked about by name and birth, everything else by identifier",
  );

/** One thing or person that is asked about. */
export type SubjectShape = z.infer<typeof subjectShape>;

/** What is looked up. */
export const lookupShape = z.strictObject({
  subjects: z.array(subjectShape).min(1).max(lookupLimits.maxSubjects),
  recordKinds: z.array(codeOf("RECORD_KIND")).min(1).max(12).optional(),
});

/** A question of one or more subjects. */
export type LookupShape = z.infer<typeof lookupShape>;

const hitShape = z.strictObject({
  record: z.uuid(),
  owner: z.string(),
  type: z.string(),
  recordKind: z.string(),
  matchBasis: z.string(),
  handling: z.string(),
  onFinding: z.string(),
  createdAt: instant,
  expiresAt: instant,
  correctedBy: z.array(z.uuid()),
  confirm: z.enum(["CONFIRM_WITH_OWNER", "OURS"]),
  hitNotice: z
    .unknown()
    .meta({ description: "a hit.notice to the owner, begun; neither stored nor sent" })
    .optional(),
});

/** A record or notice that may be of the same. */
export type HitShape = z.infer<typeof hitShape>;

const answerShape = z.strictObject({
  ref: z.string(),
  answer: codeOf("QUERY_ANSWER"),
  hits: z.array(hitShape),
  more: z.boolean(),
});

/** What is said of one subject. */
export type AnswerShape = z.infer<typeof answerShape>;

/** What a lookup answers. */
export const lookupAnswerShape = z.strictObject({
  searchedAt: instant,
  dataAsOf: instant,
  ageSeconds: z.int().min(0),
  old: z.boolean(),
  answers: z.array(answerShape),
});
