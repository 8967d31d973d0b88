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

type Glances<S> = { readonly [N in keyof S]: Glance };

/** Whether there is a glance for every field: always, for they are made of the fields. */
function isOfAll<S extends object>(fields: S, glances: object): glances is Glances<S> {
  return Object.keys(fields).every((name) => Object.hasOwn(glances, name));
}

/** The glances of a message's fields, by name; a field without one is left to its checker. */
export function glancesOf<S extends z.core.$ZodLooseShape>(fields: S): Glances<S> {
  const entries = Object.entries(fields).map(([name, field]) => {
    const own = field instanceof z.ZodType ? glanceOf(field) : undefined;
    return [name, own ?? ((): boolean => false)] as const;
  });
  const glances: object = Object.fromEntries<Glance>(entries);
  if (isOfAll(fields, glances)) return glances;
  throw new Error("a field has no glance");
}

/**
 * A message with these fields and no others.
 *
 * @param glance looks at every field by its name, as generated code can: a loop over names cannot be made fast
 */
export function message<S extends z.core.$ZodLooseShape>(
  fields: S,
  glance?: (value: Readonly<Record<string, unknown>>) => boolean,
): z.ZodObject<S, z.core.$strict> {
  const checker = z.strictObject(fields, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? "SCHEMA_FIELD_UNKNOWN" : kindFault(issue),
  });
  const known = new Set(Object.keys(fields));
  const look = glance ?? lookAtEach(fields);
  return withGlance(checker, (value) => {
    if (!isRecord(value)) return false;
    for (const name in value) if (!known.has(name)) return false;
    return look(value);
  });
}

/**
 * A checker that is made when it is first asked. Each process knows every type and meets a few: making all of them
 * at the start would cost every process tens of megabytes.
 */
export function later<T>(make: () => Checker<T>): Checker<T> {
  let made: Checker<T> | undefined;
  const get = (): Checker<T> => (made ??= make());
  return withGlance(z.lazy(get), (value) => glanceOf(get())?.(value) ?? false);
}

function lookAtEach(
  fields: z.core.$ZodLooseShape,
): (value: Readonly<Record<string, unknown>>) => boolean {
  const glances = Object.entries(glancesOf(fields));
  return (value) => glances.every(([name, glance]) => glance(value[name]));
}

/** A field that may be absent. */
export function maybe<C extends z.ZodType>(field: C): z.ZodOptional<C> {
  const glance = glanceOf(field);
  return withGlance(
    z.optional(field),
    glance && ((value): boolean => value === undefined || glance(value)),
  );
}
