import { z } from "zod";

import {
  type Envelope,
  type InnerHeader,
  isKnownType,
  parseJsonText,
} from "../../../schemas/index.ts";
import type { readersOf } from "../../release/index.ts";

/** What decides who may read a feed message. */
export type Asked = Parameters<typeof readersOf>[0];

const maxChars = 65_536;
const names = z.array(z.string());
const shape = z.object({
  type: z.string(),
  recs: names,
  crimes: names,
  handling: z.string(),
  purposes: names,
  states: names,
  agencies: names,
});

/** What a feed message asks of the register, by its two headers; undefined when its type is not in our schemas. */
export function askedOf(
  { type = "", recs, crimes, handling }: Pick<Envelope, "type" | "recs" | "crimes" | "handling">,
  { purposes, protectedFrom, excludedRecipients }: InnerHeader,
): Asked | undefined {
  if (!isKnownType(type)) return undefined;
  const kept = { states: protectedFrom, agencies: excludedRecipients };
  return { type, recs, crimes: [...crimes], recipients: [], handling, purposes, kept };
}

/** As it stands in the store. */
export function renderAsked({ type, recs, crimes, handling, purposes, kept }: Asked): string {
  return JSON.stringify({ type, recs, crimes, handling, purposes, ...kept });
}

/** Out of the store; undefined when its type is no longer in our schemas. */
export function askedIn(text: string): Asked | undefined {
  const { type, states, agencies, ...rest } = shape.parse(parseJsonText(text, maxChars));
  if (!isKnownType(type)) return undefined;
  return { ...rest, type, recipients: [], kept: { states, agencies } };
}
