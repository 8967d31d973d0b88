import { z } from "zod";

const agencyName = z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/);
const names = z.array(z.string());
const moment = z.iso.datetime({ offset: true });

/** Of which agency. */
export const agencyQueryShape = z.strictObject({
  agency: agencyName.meta({ description: "such as gh/tcu" }),
});

const line = z.strictObject({
  action: z.enum(["PUBLISH", "READ"]),
  scope: z.string().meta({ description: "a community, or direct: with agencies by name" }),
  types: names.meta({ description: "a type, family.* or *" }),
  crimes: names.meta({ description: "a crime or *" }),
  handlingUpTo: z.string(),
  from: moment,
  until: moment.optional(),
  inForce: z.boolean(),
});

const admitted = z.looseObject({ effect: z.string(), inForce: z.boolean() });

/** What the register says of one agency. */
export const rulesShape = z.strictObject({
  agency: z.string(),
  kind: z.string(),
  authority: z.string(),
  languages: names,
  suspendedFrom: moment.optional(),
  memberOf: z.array(z.strictObject({ rec: z.string(), standing: z.enum(["member", "suspended"]) })),
  mandates: z.array(line).meta({ description: "what the region grants it" }),
  nominations: z.array(line).meta({ description: "what its own state lets it do at most" }),
  release: z.array(admitted).meta({ description: "whom its own state admits to what it sends, and whom not" }),
}); // prettier-ignore

/** How far to look ahead. */
export const endsQueryShape = z.strictObject({
  days: z.string().regex(/^[1-9]\d{0,2}$/).optional().meta({ description: "1 to 999; 90 when left out" }),
}); // prettier-ignore

/** Certificates of our state's agencies that end soon. */
export const endsShape = z.strictObject({
  items: z.array(
    z.strictObject({
      agency: z.string(),
      use: z.string().meta({ description: "a code of LEAF_KIND" }),
      notAfter: moment,
      daysLeft: z.number().meta({ description: "whole days; below nought it has ended" }),
      isReplaced: z.boolean().meta({ description: "another of the same use holds longer" }),
    }),
  ),
});

/** What would end at this gateway were an agency out of the register. */
export const impactShape = z.strictObject({
  agency: z.string(),
  certificates: z.number().meta({ description: "that would be worth nothing any more" }),
  keys: z.number(),
  publishes: names.meta({ description: "where nobody would hear it any more: communities, or direct" }),
  reads: names,
  ours: z.strictObject({
    waiting: z.number().meta({ description: "messages of ours that it has not had yet" }),
    awaitedOfIt: z.number(),
    awaitedOfUs: z.number().meta({ description: "answers of ours that it would not get" }),
  }),
  others: names.meta({ description: "other agencies of the same kind in its state, that could go on for it" }),
}); // prettier-ignore
