import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { parseJsonText } from "../../schemas/index.ts";
import type { Receiver } from "../onward/index.ts";
import { type ExportField, exportFields } from "./project.ts";

/** What an export is to hold, and for whom. */
export interface ExportWish {
  readonly format: "csv" | "ndjson";
  readonly fields: readonly ExportField[];
  /** Who is given the file: this agency itself, another, or a body outside. */
  readonly to: Receiver;
  /** The offence it is for; each message's main one when left out. */
  readonly crime?: string | undefined;
}

/** What became of an export when it was read. */
export interface ExportGiven {
  /** How many rows were in it. */
  readonly rows: number;
  /** How many messages' content or whole row was withheld, by the reason. */
  readonly withheld: Readonly<Record<string, number>>;
  /** SHA-256 of its octets, in hexadecimal. */
  readonly digest: string;
}

const maxChars = 65_536;
const wishShape = z.object({
  format: z.enum(["csv", "ndjson"]),
  fields: z.array(z.enum(exportFields)),
  to: z.union([
    z.object({ agency: z.string() }),
    z.object({ country: z.string(), bodyName: z.string() }),
  ]),
  crime: z.string().optional(),
});
const givenShape = z.object({
  rows: z.number(),
  withheld: z.record(z.string(), z.number()),
  digest: z.string(),
});

/** What the desk wrote, as it was. */
function readWritten<S extends z.ZodType>(shape: S, text: string): z.output<S> {
  const { data } = tryShape(shape, parseJsonText(text, maxChars));
  if (data !== undefined) return data;
  throw new Fault("INTEGRITY_STORE", "an export's wish is not what was written");
}

/** What an export is to hold, as it was asked; the text is one that the desk wrote. @throws {Fault} INTEGRITY_STORE */
export function exportWishOf(text: string): ExportWish {
  return readWritten(wishShape, text);
}

/** What became of it, out of a text that the desk wrote; undefined before it was read. @throws {Fault} INTEGRITY_STORE */
export function exportGivenOf(text: string | undefined): ExportGiven | undefined {
  return text === undefined ? undefined : readWritten(givenShape, text);
}
