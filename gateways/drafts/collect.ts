import { bodyMessageName, descriptors, isKnownType } from "../../schemas/index.ts";
import type { MessageDetail } from "../exchange/index.ts";

type Json = Readonly<Record<string, unknown>>;

/** Where in a formal request stands what a body says of this kind. */
const placeOf: ReadonlyMap<string, string> = new Map([
  ["Person", "persons"],
  ["Organisation", "organisations"],
  ["Account", "accounts"],
  ["Offence", "offences"],
  ["JudicialOrder", "orders"],
]);

/** Bodies are nested less deep than this; deeper there is nothing to be found. */
const maxDepth = 8;

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A name inside a message, told apart from the same name inside another. */
function renameRef(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((one) => renameRef(one, prefix));
  return typeof value === "string" ? `${prefix}${value}`.slice(0, 40) : value;
}

/** A part of a body with its names made its message's own. */
function renamed(messageName: string, value: unknown, prefix: string): Json {
  const fields = new Map(descriptors[messageName]?.fields.map((field) => [field.name, field]));
  return Object.fromEntries(
    [...membersOf(value)].map(([name, held]) => {
      const field = fields.get(name);
      if (field?.format === "ref") return [name, renameRef(held, prefix)];
      const { message } = field ?? {};
      if (message === undefined) return [name, held];
      const made = listOf(held).map((one) => renamed(message, one, prefix));
      return [name, Array.isArray(held) ? made : made[0]];
    }),
  );
}

/** A part of a message that a formal request can hold too. */
export interface CollectedPart {
  /** The field of the request. */
  readonly place: string;
  readonly value: Json;
}

interface Spot {
  readonly messageName: string;
  readonly value: unknown;
  readonly depth: number;
}

function* walk({ messageName, value, depth }: Spot, prefix: string): Generator<CollectedPart> {
  if (depth > maxDepth) return;
  const members = membersOf(value);
  for (const { name, message } of descriptors[messageName]?.fields ?? []) {
    if (message === undefined) continue;
    const place = placeOf.get(message);
    for (const one of listOf(members.get(name))) {
      if (place === undefined) yield* walk({ messageName: message, value: one, depth: depth + 1 }, prefix);
      else yield { place, value: renamed(message, one, prefix) };
    }
  }
} // prettier-ignore

/** Persons, organisations, accounts, offences and orders that a message speaks of; their names inside it become its own. */
export function collectParts({ type, body }: MessageDetail, prefix: string): readonly CollectedPart[] {
  if (!isKnownType(type) || body === undefined) return [];
  return [...walk({ messageName: bodyMessageName(type), value: body, depth: 0 }, prefix)];
} // prettier-ignore

/** The fields in which families tell a case in words. */
const telling = ["facts", "narrative", "caseDescription", "description", "remarks"];

/** What a message tells of the case in words, with the language. */
export function findFacts({ body }: MessageDetail): { readonly text: string; readonly lang: string } | undefined {
  const members = membersOf(body);
  for (const name of telling) {
    const held = membersOf(members.get(name));
    const [text, lang] = [held.get("text"), held.get("lang")];
    if (typeof text === "string" && typeof lang === "string") return { text, lang };
  }
  return undefined;
} // prettier-ignore
