import { z } from "zod";

import { parseInstant, parseJsonText, renderInstant } from "../../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, parseUtf8, utf8 } from "../../../schemas/ground/index.ts";
import { repositoryLimits } from "../../trust/index.ts";

const moment = z
  .string()
  .length(24)
  .refine((text) => {
    const at = parseInstant(text);
    return at !== undefined && renderInstant(at) === text;
  });
const person = z.string().min(2).max(80);
const signature = z.string().max(1000);

const shape = z.strictObject({
  proposal: z.strictObject({
    part: z
      .string()
      .max(10)
      .regex(/^[a-z]{2,10}$/),
    base: z.int().min(0).max(repositoryLimits.version),
    days: z.int().min(1).max(3650),
    by: person,
    at: moment,
    reason: z.string().min(3).max(2000),
    content: z.unknown(),
  }),
  signature,
  accepted: z.strictObject({ by: person, at: moment, signature }).optional(),
  metadata: z.string().max(repositoryLimits.targetsBytes).optional(),
});

/** A change as it goes from hand to hand: proposed, then accepted, then signed by the keys of its part. */
export type Change = Readonly<z.infer<typeof shape>>;

/** What is proposed: the whole new content of one part, made on one version of it. */
export type Proposal = Change["proposal"];

/** A file with a change holds a part of an authority or of the region, in JSON. */
const maxChangeBytes = 4 * repositoryLimits.regionBytes;

/**
 * Reads the file of a change; nothing of it is proved.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function parseChange(file: Bytes): Change {
  try {
    return shape.parse(parseJsonText(parseUtf8(file), maxChangeBytes));
  } catch (cause) {
    const way = "take the file as `atumpan register propose` wrote it";
    throw new Fault("CHANGE_INVALID", `the file holds no change of a register; ${way}`, { cause });
  }
}

/** The file of a change. */
export function renderChange(change: Change): Bytes {
  return utf8(`${JSON.stringify(change, undefined, 2)}\n`);
}

/** A moment as changes spell it. @throws {Fault} CHANGE_INVALID */
export function parseMoment(text: string): EpochMs {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new Fault("CHANGE_INVALID", "a time of the change is none in RFC 3339");
}
