import { renderInstant } from "../check/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import { renderBase64url, renderUuid } from "../ground/index.ts";
import { messageOf } from "./json-in.ts";

/** A value as `JSON.stringify` takes it. */
export type JsonValue =
  string | number | boolean | readonly JsonValue[] | { readonly [name: string]: JsonValue };

function renderOne(field: FieldDescriptor, value: unknown): JsonValue {
  if (field.message !== undefined && typeof value === "object" && value !== null) {
    return renderJson(field.message, value);
  }
  if (value instanceof Uint8Array) {
    return field.format === "uuid7" ? renderUuid(value) : renderBase64url(value);
  }
  if (typeof value === "number") return field.kind === "time" ? renderInstant(value) : value;
  return typeof value === "boolean" ? value : String(value);
}

/**
 * The JSON form of a checked message: camelCase names in the order of the schema, times in RFC 3339 UTC
 * with milliseconds, bytes in base64url, ids as UUIDs. Absent fields and empty lists are left out.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function renderJson(messageName: string, message: object): JsonValue {
  const members = new Map<string, unknown>(Object.entries(message));
  return Object.fromEntries(
    messageOf(messageName).fields.flatMap((field): [string, JsonValue][] => {
      const value = members.get(field.name);
      if (value === undefined) return [];
      if (!Array.isArray(value)) return [[field.name, renderOne(field, value)]];
      if (value.length === 0) return [];
      return [[field.name, value.map((item: unknown) => renderOne(field, item))]];
    }),
  );
}
