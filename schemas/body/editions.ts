import { descriptors } from "../gen/index.ts";
import { bodyMessageName } from "./body.ts";
import { isKnownType, type MessageType, typeOptions } from "./message-type.ts";

/** What a message may hold about people for there to be something to leave out. */
const aboutPeople: ReadonlySet<string> = new Set(["PERSONAL", "SPECIAL"]);

function findEditions(type: MessageType): ReadonlySet<string> | undefined {
  const options = typeOptions(type);
  if (options === undefined) return undefined;
  const { form, scope, personalData } = options;
  if (form !== "SEALED" || scope !== "FEED" || !aboutPeople.has(personalData)) return undefined;
  const fields = descriptors[bodyMessageName(type)]?.fields ?? [];
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
