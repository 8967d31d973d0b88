import { codePattern, defaultMaxCharacters, formatOf } from "../check/index.ts";
import type { FieldDescriptor, MessageDescriptor } from "../codec/index.ts";
import { Fault } from "../ground/index.ts";

type Json = { readonly [key: string]: unknown };

const instantPattern =
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?(Z|[+-][0-9]{2}:[0-9]{2})$";
const uuidPattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

/** Characters of base64url without padding that so many bytes take. */
function base64Length(byteCount: number): number {
  return Math.ceil((byteCount * 8) / 6);
}

function bytesSchema({ format, repeated, min, max }: FieldDescriptor): Json {
  if (format === "uuid7") return { type: "string", format: "uuid", pattern: uuidPattern };
  const fixed = format === undefined ? undefined : formatOf(format);
  const least = fixed?.kind === "bytes" ? fixed.length : repeated ? 1 : min;
  const most = fixed?.kind === "bytes" ? fixed.length : repeated ? undefined : max;
  return {
    type: "string",
    contentEncoding: "base64url",
    pattern: "^[A-Za-z0-9_-]*$",
    ...(least === undefined ? {} : { minLength: base64Length(least) }),
    ...(most === undefined ? {} : { maxLength: base64Length(most) }),
  };
}

function textSchema({ code, format, repeated, min, max }: FieldDescriptor): Json {
  if (code !== undefined)
    return { type: "string", pattern: codePattern.source, "x-code-list": code };
  const spelling = format === undefined ? undefined : formatOf(format);
  if (spelling?.kind === "text") {
    const { pattern, says } = spelling;
    const list = format === "crime" ? { "x-code-list": "CRIME" } : {};
    return {
      type: "string",
      pattern: pattern.source,
      maxLength: spelling.max,
      description: says,
      ...list,
    };
  }
  if (repeated) return { type: "string", maxLength: defaultMaxCharacters };
  const least = min === undefined ? {} : { minLength: min };
  return { type: "string", ...least, maxLength: max ?? defaultMaxCharacters };
}

function numberSchema({ kind, atLeast, atMost }: FieldDescriptor): Json {
  const lowest = kind === "uint32" ? 0 : kind === "sint32" ? -0x8000_0000 : undefined;
  const highest = kind === "uint32" ? 0xffff_ffff : kind === "sint32" ? 0x7fff_ffff : undefined;
  const minimum = atLeast ?? lowest;
  const maximum = atMost ?? highest;
  return {
    type: kind === "double" ? "number" : "integer",
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function oneSchema(field: FieldDescriptor): Json {
  const unit = field.unit === undefined ? {} : { "x-unit": field.unit };
  const personal = field.personal === undefined ? {} : { "x-personal": field.personal };
  const marks = { ...unit, ...personal };
  switch (field.kind) {
    case "string":
      return { ...textSchema(field), ...marks };
    case "bytes":
      return { ...bytesSchema(field), ...marks };
    case "bool":
      return { type: "boolean", ...marks };
    case "time":
      return { type: "string", format: "date-time", pattern: instantPattern, ...marks };
    case "message":
      return { $ref: `#/$defs/${field.message ?? ""}`, ...marks };
    default:
      return { ...numberSchema(field), ...marks };
  }
}

function fieldSchema(field: FieldDescriptor): Json {
  if (!field.repeated) return oneSchema(field);
  const { min, max } = field;
  return {
    type: "array",
    items: oneSchema(field),
    ...(min === undefined ? {} : { minItems: min }),
    ...(max === undefined ? {} : { maxItems: max }),
  };
}

/** A list that must have items must be there; a list that may be empty may also be left out. */
function isNeeded({ required, repeated, min }: FieldDescriptor): boolean {
  return repeated ? (min ?? 0) > 0 : required;
}

function objectSchema({ fields }: MessageDescriptor): Json {
  const required = fields.filter(isNeeded).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function heldBy(
  message: MessageDescriptor,
  all: readonly MessageDescriptor[],
): readonly MessageDescriptor[] {
  return message.fields.flatMap(({ message: name }) => {
    if (name === undefined) return [];
    const held = all.find((other) => other.name === name);
    if (held === undefined) throw new Fault("SCHEMA_INVALID", `there is no message ${name}`);
    return [held, ...heldBy(held, all)];
  });
}

/**
 * The JSON Schema (draft 2020-12) of the JSON form of a message: strict, with the lengths and patterns of
 * the validators. Codes are patterns that name their list, because lists grow between versions.
 */
export function renderJsonSchema(
  message: MessageDescriptor,
  all: readonly MessageDescriptor[],
): string {
  const held = new Map(heldBy(message, all).map((one) => [one.name, one]));
  const defs = [...held.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((one): [string, Json] => [one.name, objectSchema(one)]);
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:atumpan:schema:${message.body?.type ?? message.name}`,
    title: message.body?.type ?? message.name,
    ...objectSchema(message),
    ...(defs.length === 0 ? {} : { $defs: Object.fromEntries(defs) }),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
