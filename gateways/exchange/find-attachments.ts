import { bodyMessageName, descriptors, isKnownType, limits } from "../../schemas/index.ts";

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const reaches = new Map<string, boolean>();

/** Whether a message of this name can hold an attachment. No message holds itself. */
function canHold(name: string): boolean {
  const known = reaches.get(name);
  if (known !== undefined) return known;
  const fields = descriptors[name]?.fields ?? [];
  const can = name === "Attachment" || fields.some(({ message }) => message !== undefined && canHold(message)); // prettier-ignore
  reaches.set(name, can);
  return can;
}

type Change = (one: Members) => Members;

/** One field's value, or each of a list's. */
function mapHeld(message: string, held: unknown, change: Change): unknown {
  if (!Array.isArray(held)) return mapMessage(message, held, change);
  return held.map((item: unknown) => mapMessage(message, item, change));
}

/** Puts another in the place of each attachment; returns the same value where there is none. */
function mapMessage(name: string, value: unknown, change: Change): unknown {
  if (!isMembers(value) || !canHold(name)) return value;
  if (name === "Attachment") return change(value);
  const ways = (descriptors[name]?.fields ?? []).filter(
    (field) => Object.hasOwn(value, field.name) && canHold(field.message ?? ""),
  );
  if (ways.length === 0) return value;
  const changed = ways.map(({ name: field, message = "" }): [string, unknown] => [
    field,
    mapHeld(message, value[field], change),
  ]);
  return { ...value, ...Object.fromEntries(changed) };
}

/** The body of a type, in JSON or in memory, with each attachment put through `change`. What is no such body stays as it is. */
export function mapAttachments(
  type: string,
  body: unknown,
  change: (one: Members) => Members,
): unknown {
  return isKnownType(type) ? mapMessage(bodyMessageName(type), body, change) : body;
}

/** The attachments in the body of a type, in the order they stand there. */
export function listAttachments(type: string, body: unknown): readonly Members[] {
  const found: Members[] = [];
  mapAttachments(type, body, (one) => {
    found.push(one);
    return one;
  });
  return found.slice(0, limits.maxBlobsAsked);
}
