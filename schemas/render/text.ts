import { bodyMessageName, type MessageType } from "../body/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import { fieldLabel, labelOf, type LabelLanguage, typeLabel, wordLabel } from "../codes/index.ts";
import { descriptors, type InnerHeader } from "../gen/index.ts";
import { renderValue, renderWords } from "./values.ts";

/** A message's content, to be shown to people. */
export interface Content {
  readonly type: MessageType;
  /** Checked by `checkBody`. */
  readonly body: object;
  readonly inner?: InnerHeader | undefined;
  readonly lang: LabelLanguage;
}

type Members = ReadonlyMap<string, unknown>;

function membersOf(value: unknown): Members {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** French sets a no-break space before the colon. */
function clause(label: string, value: string, lang: LabelLanguage): string {
  return `${label}${lang === "fr" ? "\u00a0:" : ":"} ${value}`;
}

function numbered(value: unknown, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** Small messages that people write as one value. */
const compact: Readonly<Record<string, (members: Members, lang: LabelLanguage) => string>> = {
  LocalizedText: (members) => {
    const { text, lang } = { text: members.get("text"), lang: members.get("lang") };
    return `${renderWords(String(text))} [${renderWords(String(lang))}]`;
  },
  PartialDate: (members, lang) => {
    const [year, month, day] = ["year", "month", "day"].map((name) => members.get(name));
    const known = [numbered(year, 4), ...[month, day].filter((part) => part !== undefined)];
    const date = known.map((part) => numbered(part, 2)).join("-");
    return members.get("approximate") === true ? `${wordLabel("about", lang)} ${date}` : date;
  },
  Money: (members) => `${String(members.get("amount"))} ${String(members.get("currency"))}`,
  Quantity: (members, lang) => {
    const amount = `${String(members.get("value"))} ${labelOf("UNIT", String(members.get("unit")), lang)}`;
    return members.get("estimated") === true ? `${wordLabel("about", lang)} ${amount}` : amount;
  },
};

function renderOne(field: FieldDescriptor, value: unknown, lang: LabelLanguage): string {
  if (field.message === undefined) return renderValue(value, field, lang);
  const members = membersOf(value);
  const short = compact[field.message];
  if (short !== undefined) return short(members, lang);
  return clausesOf(field.message, members, lang).join("; ");
}

/** "label: value" of every field that has a value, in the order of the schema. */
function clausesOf(messageName: string, members: Members, lang: LabelLanguage): readonly string[] {
  const fields = descriptors[messageName]?.fields ?? [];
  return fields.flatMap((field) => {
    const value = members.get(field.name);
    const label = fieldLabel(field.name, lang);
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [clause(label, renderOne(field, value, lang), lang)];
    const items = value.map((item: unknown) => renderOne(field, item, lang));
    if (items.length === 0) return [];
    if (field.message === undefined) return [clause(label, items.join(", "), lang)];
    return items.map((item, at) => clause(`${label} ${at + 1}`, item, lang));
  });
}

/**
 * The content of a message in words, one first-level field a line: labels and codes in the reader's
 * language, the sender's own words as they were written with their language beside them, times in UTC.
 */
export function renderText({ type, body, inner, lang }: Content): string {
  return [
    clause(wordLabel("type", lang), typeLabel(type, lang), lang),
    ...(inner === undefined ? [] : clausesOf("InnerHeader", membersOf(inner), lang)),
    ...clausesOf(bodyMessageName(type), membersOf(body), lang),
  ].join("\n");
}
