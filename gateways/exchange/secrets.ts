import { descriptors, type JsonValue } from "../../schemas/index.ts";

const holds = new Map<string, boolean>();

/** Whether a message of this name can have a secret in it. No message holds itself. */
function canHold(name: string): boolean {
  const known = holds.get(name);
  if (known !== undefined) return known;
  const fields = descriptors[name]?.fields ?? [];
  const can = fields.some(({ secret, message }) => secret === true || (message !== undefined && canHold(message))); // prettier-ignore
  holds.set(name, can);
  return can;
}

/**
 * The JSON form of a message without its secrets: a key that opens a file is the gateway's to use, and nobody's to read who
 * asks it for the message. Fields that hold none are the same values.
 */
export function withoutSecrets(name: string, json: JsonValue): JsonValue {
  if (typeof json !== "object" || !canHold(name)) return json;
  const fields = new Map((descriptors[name]?.fields ?? []).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(json).flatMap(([member, value]: [string, JsonValue]): [string, JsonValue][] => {
      const { secret, message } = fields.get(member) ?? {};
      if (secret === true) return [];
      if (message === undefined) return [[member, value]];
      if (!Array.isArray(value)) return [[member, withoutSecrets(message, value)]];
      return [[member, value.map((one: JsonValue) => withoutSecrets(message, one))]];
    }),
  );
}
