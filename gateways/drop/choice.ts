import { z } from "zod";

import { isKnownCode, isKnownType, languages } from "../../schemas/index.ts";

const type = z
  .string()
  .max(50)
  .refine((text): boolean => isKnownType(text), "is a message type, such as alert.incident");
const seconds = (least: number, most: number): z.ZodOptional<z.ZodNumber> =>
  z.number().min(least).max(most).optional();

/** The part `drop` of a gateway's file: a folder that another system puts files into and takes files from. */
export const dropShape = z.strictObject({
  /** The folder; relative to the gateway's own. */
  dir: z.string().min(1).max(400),
  /** As whom it acts: the id of a machine, or `owner` for all that the owner of the token may. */
  as: z.union([z.literal("owner"), z.uuid()]),
  /** What it reads for, a code of PURPOSE; the machine's own when left out. */
  purpose: z
    .string()
    .max(60)
    .refine((code) => isKnownCode("PURPOSE", code), "is a code of PURPOSE")
    .optional(),
  /** Whether a file counts only once `<name>.ready` lies beside it. */
  marker: z.boolean().optional(),
  /** So long a file without a marker must lie unchanged; 2 when left out. */
  settleSeconds: seconds(0.05, 600),
  /** How often the folder is looked at beside what the system tells, as shares on a network need; 15 when left out. */
  pollSeconds: seconds(0.05, 3600),
  goaml: z
    .strictObject({
      dialect: z.enum(["base", "lk", "np"]).optional(),
      lang: z.string().max(35).optional(),
    })
    .optional(),
  csv: z
    .strictObject({
      dates: z
        .strictObject({
          order: z.enum(["DMY", "MDY"]),
          offset: z
            .string()
            .max(6)
            .regex(/^[+-]\d\d:\d\d$/, "is an offset such as +01:00"),
        })
        .optional(),
    })
    .optional(),
  /** Of each type that comes as XML, CSV or HTCDS: everything of its message but type and body. */
  templates: z.record(type, z.record(z.string().max(60), z.unknown())).optional(),
  /** What is received is written to `out/`; left out, nothing is. */
  out: z
    .strictObject({
      types: z.array(type).min(1).max(100).optional(),
      crimes: z.array(z.string().max(12)).min(1).max(50).optional(),
      /** The language of the text beside each; en when left out. */
      lang: z.enum(languages).optional(),
      /** Where it begins the first time; now when left out. */
      from: z.enum(["now", "beginning"]).optional(),
    })
    .optional(),
});

/** What an operator chose for the drop folder. */
export type DropChoice = z.infer<typeof dropShape>;
