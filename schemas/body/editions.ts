import type { FieldDescriptor } from "../codec/index.ts";
import { bodyCodecs, descriptors } from "../gen/index.ts";
import type { Violation } from "../ground/index.ts";
import { isKnownType, type MessageType, typeOptions } from "./message-type.ts";

/** What a message may hold about people for there to be something to leave out; IDS is what takes such a message back. */
const aboutPeople: ReadonlySet<string> = new Set(["PERSONAL", "SPECIAL", "IDS"]);

function fieldsOf(type: MessageType): readonly FieldDescriptor[] {
  return descriptors[bodyCodecs[type].message]?.fields ?? [];
}

function findEditions(type: MessageType): ReadonlySet<string> | undefined {
  const options = typeOptions(type);
  if (options === undefined) return undefined;
  const { form, scope, personalData } = options;
  if (form !== "SEALED" || scope !== "FEED" || !aboutPeople.has(personalData)) return undefined;
  const fields = fieldsOf(type);
  const regional = fields.filter(({ copies = [] }) => copies.includes("REGIONAL"));
  // what lacks a field that its schema asks for is no message
  const isWhole = fields.every((field) => !field.required || regional.includes(field));
  if (!isWhole || regional.length === fields.length) return undefined;
  return new Set(regional.map(({ name }) => name));
}

const found = new Map<MessageType, ReadonlySet<string> | undefined>();

/**
 * The fields of a type's regional edition; undefined where it has none. A type has one where it travels sealed to a feed, may
 * tell of people, and is a whole message without every field that the region does not see. It may then also be sent to named
 * recipients, as the nominal edition.
 */
export function regionalFields(type: string): ReadonlySet<string> | undefined {
  if (!isKnownType(type)) return undefined;
  if (!found.has(type)) found.set(type, findEditions(type));
  return found.get(type);
}

/** In which scope a type may travel that is to go to named recipients, or to communities. */
export function scopeOf(type: string, recipients: readonly string[] | undefined): string {
  const scope = typeOptions(type)?.scope ?? "";
  const isNamed = (recipients?.length ?? 0) > 0;
  return isNamed && regionalFields(type) !== undefined ? "DIRECT" : scope;
}

/** What was found wrong is there too, though nobody may look at it (see `withoutRefused`). */
function isThere(body: object, { name }: FieldDescriptor): boolean {
  const property = Object.getOwnPropertyDescriptor(body, name);
  if (property?.get !== undefined) return true;
  const held: unknown = property?.value;
  return held !== undefined && !(Array.isArray(held) && held.length === 0);
}

/**
 * What a nominal edition lacks that only a regional one goes without. Without `always` a body that shows nothing but what the
 * region may see passes as a regional edition: one that says more is the nominal one, and is whole.
 */
export function findMissingNominal(type: MessageType, body: object, always = false): readonly Violation[] {
  const fields = fieldsOf(type);
  const missing = fields.filter((field) => field.nominal === true && !isThere(body, field));
  if (missing.length === 0) return [];
  const saysMore = fields.some((field) => !(field.copies ?? []).includes("REGIONAL") && isThere(body, field));
  if (!always && !saysMore) return [];
  return missing.map(({ name }) => ({
    path: `/${name}`,
    code: "SCHEMA_FIELD_MISSING",
    message: `${name} is missing; it is required`,
  }));
} // prettier-ignore
