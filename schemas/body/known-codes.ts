import { fieldOf, renderPointer, type Step } from "../check/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import { isKnownCode } from "../codes/index.ts";
import type { Violation } from "../ground/index.ts";
import { messageOf } from "./json-in.ts";

/** The list a field's values are of: the one it names; crimes are a format and a list. */
function listOf({ code, format }: FieldDescriptor): string | undefined {
  return code ?? (format === "crime" ? "CRIME" : undefined);
}

function findInOne(
  field: FieldDescriptor,
  value: unknown,
  path: readonly Step[],
): readonly Violation[] {
  if (field.message !== undefined && typeof value === "object" && value !== null) {
    return findUnknownCodes(field.message, value, path);
  }
  const list = listOf(field);
  if (list === undefined || typeof value !== "string" || isKnownCode(list, value)) return [];
  const message = `${fieldOf(path)} is not in the code list ${list}; choose one of its codes`;
  return [{ path: renderPointer(path), code: "SCHEMA_CODE_UNKNOWN", message }];
}

/** Every code in a message, at any depth, that this edition's lists do not have. */
export function findUnknownCodes(
  messageName: string,
  message: object,
  path: readonly Step[] = [],
): readonly Violation[] {
  const members = new Map<string, unknown>(Object.entries(message));
  return messageOf(messageName).fields.flatMap((field) => {
    const value = members.get(field.name);
    const here = [...path, field.name];
    if (!Array.isArray(value)) return findInOne(field, value, here);
    return value.flatMap((item: unknown, at) => findInOne(field, item, [...here, at]));
  });
}
