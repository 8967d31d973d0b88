import {
  fieldOf,
  parseInstant,
  refuseViolations,
  renderPointer,
  type Step,
} from "../check/index.ts";
import type { FieldDescriptor, MessageDescriptor } from "../codec/index.ts";
import { descriptors } from "../gen/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  parseBase64url,
  parseUuid,
  type Violation,
} from "../ground/index.ts";

/** A message in memory, by field name. */
export type MessageValue = { [name: string]: unknown };

/** What was read, and everything wrong with it; a field that is wrong stands as undefined. */
export interface JsonReading {
  readonly value: MessageValue | undefined;
  readonly violations: readonly Violation[];
}

class Reading {
  readonly violations: Violation[] = [];

  refuse(path: readonly Step[], code: FaultCode, says: string): undefined {
    this.violations.push({ path: renderPointer(path), code, message: `${fieldOf(path)} ${says}` });
  }
}

const typeOf = {
  string: "string",
  bool: "boolean",
  uint32: "number",
  sint32: "number",
  double: "number",
} as const;

const wanted = {
  string: "a text",
  boolean: "true or false",
  number: "a number",
} as const;

function readBytes(text: string, format: string | undefined): Bytes | undefined {
  try {
    return format === "uuid7" ? parseUuid(text) : parseBase64url(text);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** Times and bytes, which JSON can only write as texts. */
function readSpelt(
  reading: Reading,
  { value, path }: { value: unknown; path: readonly Step[] },
  field: FieldDescriptor,
): unknown {
  const isTime = field.kind === "time";
  const way = isTime
    ? "a moment in RFC 3339 with its offset, such as 2026-03-09T14:05:00.000Z"
    : field.format === "uuid7"
      ? "a UUID of version 7 in lower case"
      : "base64url without padding";
  if (typeof value !== "string") return reading.refuse(path, "SCHEMA_FIELD_TYPE", `is not ${way}`);
  const read = isTime ? parseInstant(value) : readBytes(value, field.format);
  return read ?? reading.refuse(path, "SCHEMA_FIELD_PATTERN", `is not ${way}`);
}

function readOne(
  reading: Reading,
  { value, path }: { value: unknown; path: readonly Step[] },
  field: FieldDescriptor,
): unknown {
  if (value === null) {
    return reading.refuse(path, "SCHEMA_FIELD_TYPE", "is null; leave the field out instead");
  }
  if (field.kind === "message") {
    return readMessage(reading, { value, path }, messageOf(field.message ?? ""));
  }
  if (field.kind === "time" || field.kind === "bytes") {
    return readSpelt(reading, { value, path }, field);
  }
  const type = typeOf[field.kind];
  if (typeof value === type) return value;
  return reading.refuse(path, "SCHEMA_FIELD_TYPE", `is not ${wanted[type]}`);
}

function readList(
  reading: Reading,
  { value, path }: { value: unknown; path: readonly Step[] },
  field: FieldDescriptor,
): unknown {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return reading.refuse(path, "SCHEMA_FIELD_TYPE", "is not a list");
  const most = field.max ?? Infinity;
  // the items of a list that is too long are not looked at: each could cost a violation
  if (value.length > most) {
    return reading.refuse(path, "SCHEMA_FIELD_ITEMS", `has more than ${most} items`);
  }
  return value.map((item: unknown, at) =>
    readOne(reading, { value: item, path: [...path, at] }, field),
  );
}

function readField(
  reading: Reading,
  { value, path }: { value: unknown; path: readonly Step[] },
  field: FieldDescriptor,
): unknown {
  if (field.repeated) return readList(reading, { value, path }, field);
  if (value !== undefined) return readOne(reading, { value, path }, field);
  if (!field.required) return undefined;
  return reading.refuse(path, "SCHEMA_FIELD_MISSING", "is missing; it is required");
}

function readMessage(
  reading: Reading,
  { value, path }: { value: unknown; path: readonly Step[] },
  message: MessageDescriptor,
): MessageValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return reading.refuse(path, "SCHEMA_FIELD_TYPE", "is not an object");
  }
  const members = new Map<string, unknown>(Object.entries(value));
  for (const name of members.keys()) {
    if (message.fields.some((field) => field.name === name)) continue;
    reading.refuse([...path, name], "SCHEMA_FIELD_UNKNOWN", "is not a field here; leave it out");
  }
  return Object.fromEntries(
    message.fields.map((field) => [
      field.name,
      readField(reading, { value: members.get(field.name), path: [...path, field.name] }, field),
    ]),
  );
}

/**
 * The descriptor of one of our messages.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function messageOf(name: string): MessageDescriptor {
  const message = Object.hasOwn(descriptors, name) ? descriptors[name] : undefined;
  if (message === undefined) throw new Fault("SCHEMA_UNKNOWN_TYPE", "there is no such message");
  return message;
}

/**
 * Reads the JSON form of a message as far as it can be read, and tells everything that is wrong with its
 * structure. Lengths, ranges and formats are the validator's.
 */
export function readJson(messageName: string, json: unknown): JsonReading {
  const reading = new Reading();
  const value = readMessage(reading, { value: json, path: [] }, messageOf(messageName));
  return { value, violations: reading.violations };
}

/**
 * Reads the JSON form of a message into its in-memory form: names are known, kinds are right, what is
 * required is there. Lists that are absent are empty. Lengths and formats are not checked yet.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation; SCHEMA_UNKNOWN_TYPE
 */
export function parseJson(messageName: string, json: unknown): MessageValue {
  const { value, violations } = readJson(messageName, json);
  return value !== undefined && violations.length === 0 ? value : refuseViolations(violations);
}
