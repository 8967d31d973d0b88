import { bodyMessageName, type MessageType } from "../body/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import {
  fieldLabel,
  type Language,
  packState,
  type PackState,
  typeLabel,
  wordLabel,
} from "../codes/index.ts";
import { descriptors, type InnerHeader } from "../gen/index.ts";
import { compactOf } from "./compact.ts";
import type { Reader } from "./reader.ts";
import { renderValue } from "./values.ts";

/** A message's content, to be shown to people. */
export interface Content {
  readonly type: MessageType;
  /** Checked by `checkBody`. */
  readonly body: object;
  readonly inner?: InnerHeader | undefined;
  readonly lang: Language;
  /** The reader's time zone, a name of the IANA database; UTC without one. */
  readonly zone?: string | undefined;
  /** Numbers of first-level fields that this copy withholds. */
  readonly withheld?: readonly number[] | undefined;
}

/** One value for people. Words are a sender's own, in their language; a group is clauses in turn. */
export type Shown =
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "words"; readonly text: string; readonly lang: string }
  | { readonly kind: "group"; readonly clauses: readonly Clause[] };

/** "label: value". */
export interface Clause {
  readonly label: string;
  readonly value: Shown;
}

/** A message in one language, before it is text or HTML. */
export interface Document {
  readonly lang: Language;
  readonly title: string;
  readonly clauses: readonly Clause[];
  /** The labels it is written with, and whether a native reader confirmed them. */
  readonly pack: PackState;
}

type Members = ReadonlyMap<string, unknown>;

/** The fields of a message in memory, by name. */
export function membersOf(value: unknown): Members {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function showOne(field: FieldDescriptor, value: unknown, reader: Reader): Shown {
  if (field.message === undefined)
    return { kind: "plain", text: renderValue(value, field, reader) };
  const members = membersOf(value);
  if (field.message === "LocalizedText") {
    return { kind: "words", text: String(members.get("text")), lang: String(members.get("lang")) };
  }
  const short = compactOf(field.message, members, reader);
  if (short !== undefined) return { kind: "plain", text: short };
  return { kind: "group", clauses: clausesOf(field.message, members, reader) };
}

function clausesOfField(
  owner: string,
  field: FieldDescriptor,
  { value, reader }: { readonly value: unknown; readonly reader: Reader },
): readonly Clause[] {
  const label = fieldLabel(field.name, reader.lang, owner);
  if (!Array.isArray(value)) return [{ label, value: showOne(field, value, reader) }];
  const items = value.map((item: unknown) => showOne(field, item, reader));
  const plain = items.flatMap((item) => (item.kind === "plain" ? [item.text] : []));
  if (plain.length === items.length && items.length > 0) {
    const comma = reader.lang === "ar" ? "، " : ", ";
    return [{ label, value: { kind: "plain", text: plain.join(comma) } }];
  }
  return items.map((item, at) => ({
    label: items.length === 1 ? label : `${label} ${at + 1}`,
    value: item,
  }));
}

/** One clause for every field that has a value, in the order of the schema. */
function clausesOf(messageName: string, members: Members, reader: Reader): readonly Clause[] {
  const fields = descriptors[messageName]?.fields ?? [];
  return fields.flatMap((field) => {
    const value = members.get(field.name);
    return value === undefined ? [] : clausesOfField(messageName, field, { value, reader });
  });
}

function withheldClauses(
  messageName: string,
  withheld: readonly number[],
  { lang }: Reader,
): readonly Clause[] {
  const fields = descriptors[messageName]?.fields ?? [];
  const text = wordLabel("withheld", lang);
  return fields
    .filter(({ number }) => withheld.includes(number))
    .map(({ name }) => ({
      label: fieldLabel(name, lang, messageName),
      value: { kind: "plain", text },
    }));
}

/** The content of a message in the reader's language. Pure: the same content gives the same document. */
export function makeDocument({ type, body, inner, lang, zone, withheld }: Content): Document {
  const reader = { lang, zone: zone ?? "UTC" };
  const name = bodyMessageName(type);
  return {
    lang,
    title: typeLabel(type, lang),
    clauses: [
      ...(inner === undefined ? [] : clausesOf("InnerHeader", membersOf(inner), reader)),
      ...clausesOf(name, membersOf(body), reader),
      ...withheldClauses(name, withheld ?? [], reader),
    ],
    pack: packState(lang),
  };
}
