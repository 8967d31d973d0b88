import { z } from "zod";

const instant = z.iso.datetime();
const names = z.array(z.string());
/** One word that may stand several times. */
const several = z.union([z.string(), names]);
const lang = z.enum(["en", "fr", "pt", "ar", "es", "sw"]).optional();

const common = {
  type: z.string(),
  handling: z.enum(["H0", "H1", "H2", "H3"]),
  lang,
  protectedFrom: several.optional(),
  excludedRecipient: several.optional(),
};

/** A question about the rights of one agency. */
export const decisionQueryShape = z.strictObject({
  action: z.enum(["READ", "PUBLISH"]),
  agency: z.string(),
  originator: z.string().optional(),
  scope: z.string(),
  crime: z.string(),
  recipient: z.string().optional(),
  purpose: several.optional(),
  ...common,
});

/** A question about everybody who would read a message. */
export const audienceQueryShape = z.strictObject({
  originator: z.string(),
  scope: several,
  crime: several,
  who: z.enum(["readers", "others"]).optional(),
  cursor: z.string().optional(),
  limit: z.string().optional(),
  ...common,
});

const reasons = {
  allow: z.boolean(),
  reasons: z.array(z.strictObject({ code: z.string(), says: z.string() })),
};
const told = { epoch: z.number(), at: instant, lang: z.string() };

/** Yes or no, and why. */
export const decisionShape = z.strictObject({
  question: z.looseObject({ action: z.string(), agency: z.string() }),
  ...reasons,
  basis: z.looseObject({}).optional(),
  ...told,
});

/** Who would read a message, who not, and why. */
export const audienceShape = z.strictObject({
  readers: z.number(),
  others: z.number(),
  items: z.array(z.strictObject({ agency: z.string(), ...reasons })),
  next: z.string().nullable(),
  ...told,
});

/** A sealing key of another agency. */
export const sealingKeyShape = z
  .strictObject({
    agency: z.string(),
    fingerprint: z.string(),
    state: z.enum(["FIRST", "ENDORSED", "UNENDORSED", "CONFIRMED", "REFUSED"]),
    since: instant,
    at: instant,
    by: z.string().optional(),
    isBelieved: z.boolean(),
    isListed: z.boolean(),
    says: z.string(),
  })
  .meta({ id: "SealingKey" });
