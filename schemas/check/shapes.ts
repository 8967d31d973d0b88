import { z } from "zod";

import type { Bytes } from "../ground/index.ts";
import { checked, type Checker, kindFault } from "./checker.ts";
import { type BytesFormat, type FormatName, formats } from "./formats.ts";
import { type Glance, glanceOf, withGlance } from "./glance.ts";

const isBytes: Glance = (value) => value instanceof Uint8Array;
const anyBytes = withGlance(z.custom<Bytes>(isBytes, { error: kindFault }), isBytes);

/** From `min` to `max` bytes. */
export function bytes(min: number, max: number): Checker<Bytes> {
  return checked(anyBytes, ({ length }) =>
    length >= min && length <= max
      ? undefined
      : { code: "SCHEMA_FIELD_LENGTH", says: `does not have ${min} to ${max} bytes` },
  );
}

/** The names of the formats that bytes have. */
export type BytesFormatName = {
  [N in FormatName]: (typeof formats)[N] extends BytesFormat ? N : never;
}[FormatName];

/** Bytes that are what the format says. */
export function bytesFormat(name: BytesFormatName): Checker<Bytes> {
  const { length, says, holds }: BytesFormat = formats[name];
  return checked(anyBytes, (value) => {
    if (value.length !== length) return { code: "SCHEMA_FIELD_LENGTH", says: `is not ${says}` };
    if (holds?.(value) ?? true) return undefined;
    return { code: "SCHEMA_FIELD_PATTERN", says: `is not ${says}` };
  });
}

/**
 * A list of `min` to `max` items. The count is looked at first: the items of a list that is too long are
 * not, so that a hostile list costs nothing.
 */
export function list<T>(item: Checker<T>, min: number, max: number): Checker<T[]> {
  const counted = checked(z.array(z.unknown(), { error: kindFault }), ({ length }) => {
    if (length > max) return { code: "SCHEMA_FIELD_ITEMS", says: `has more than ${max} items` };
    if (length >= min) return undefined;
    if (length === 0) return { code: "SCHEMA_FIELD_ITEMS", says: `needs at least ${min} of them` };
    return { code: "SCHEMA_FIELD_ITEMS", says: `has fewer than ${min} items` };
  });
  return withGlance(counted.pipe(z.array(item)), glanceAtItems(glanceOf(item), min, max));
}

function glanceAtItems(glance: Glance | undefined, min: number, max: number): Glance | undefined {
  if (glance === undefined) return undefined;
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    for (let at = 0; at < value.length; at += 1) if (!glance(value[at])) return false;
    return true;
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every field is good and there is none beside them; nothing when one of them has no glance. */
function glanceAtFields(fields: z.core.$ZodLooseShape): Glance | undefined {
  const glances = new Map<string, Glance>();
  for (const [name, field] of Object.entries(fields)) {
    const glance = field instanceof z.ZodType ? glanceOf(field) : undefined;
    if (glance === undefined) return undefined;
    glances.set(name, glance);
  }
  const all = [...glances];
  return (value) => {
    if (!isRecord(value)) return false;
    for (const name in value) if (!glances.has(name)) return false;
    return all.every(([name, glance]) => glance(value[name]));
  };
}

/** A message with these fields and no others. */
export function message<S extends z.core.$ZodLooseShape>(
  fields: S,
): z.ZodObject<S, z.core.$strict> {
  const checker = z.strictObject(fields, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? "SCHEMA_FIELD_UNKNOWN" : kindFault(issue),
  });
  return withGlance(checker, glanceAtFields(fields));
}

/** A field that may be absent. */
export function maybe<C extends z.ZodType>(field: C): z.ZodOptional<C> {
  const glance = glanceOf(field);
  return withGlance(
    z.optional(field),
    glance && ((value): boolean => value === undefined || glance(value)),
  );
}
