import { codePattern, defaultMaxCharacters, formatOf } from "../check/index.ts";
import type { FieldDescriptor, MessageDescriptor } from "../codec/index.ts";

/** What an officer fills a field with. */
function widgetOf(field: FieldDescriptor): string {
  const { kind, code, format, message } = field;
  if (code !== undefined || format === "crime") return field.repeated ? "codes" : "code";
  if (message === "LocalizedText") return "words";
  if (message === "PartialDate") return "date";
  if (message !== undefined) return "group";
  if (kind === "time") return "moment";
  if (kind === "bool") return "yes-no";
  if (kind === "string") return "text";
  return kind === "bytes" ? "digest" : "number";
}

/** Those members that have a value. */
function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function textLimits({ repeated, max, format }: FieldDescriptor): Record<string, unknown> {
  const spelling = format === undefined ? undefined : formatOf(format);
  if (spelling?.kind === "text") {
    return { characters: spelling.max, pattern: spelling.pattern.source };
  }
  return { characters: repeated ? defaultMaxCharacters : (max ?? defaultMaxCharacters) };
}

function limitsOf(field: FieldDescriptor): Record<string, unknown> {
  const { kind, repeated, min, max, atLeast, atMost, code } = field;
  const isText = kind === "string" && code === undefined;
  return present({
    ...(repeated ? { items: [min ?? 0, max] } : {}),
    ...(isText ? textLimits(field) : {}),
    atLeast,
    atMost,
  });
}

function fieldForm(
  owner: string,
  field: FieldDescriptor,
  all: readonly MessageDescriptor[],
): Record<string, unknown> {
  const held = all.find(({ name }) => name === field.message);
  const widget = widgetOf(field);
  const list = field.code ?? (field.format === "crime" ? "CRIME" : undefined);
  return {
    name: field.name,
    label: `${owner}.${field.name}`,
    widget,
    required: field.repeated ? (field.min ?? 0) > 0 : field.required || field.nominal === true,
    ...(list === undefined ? {} : { list, pattern: codePattern.source }),
    ...limitsOf(field),
    ...(field.unit === undefined ? {} : { unit: field.unit }),
    ...(field.personal === undefined ? {} : { personal: field.personal }),
    ...(field.copies === undefined ? {} : { copies: field.copies }),
    ...(widget === "group" && held !== undefined ? { group: held.name } : {}),
  };
}

function groupsOf(
  message: MessageDescriptor,
  all: readonly MessageDescriptor[],
): readonly string[] {
  return message.fields.flatMap((field) => {
    const held = all.find(({ name }) => name === field.message);
    return held === undefined || widgetOf(field) !== "group"
      ? []
      : [held.name, ...groupsOf(held, all)];
  });
}

/** What a form for one type needs: its fields in order, each group of fields once, limits and code lists. */
export function renderForm(message: MessageDescriptor, all: readonly MessageDescriptor[]): string {
  const fieldsOf = ({ name, fields }: MessageDescriptor): unknown =>
    fields.map((field) => fieldForm(name, field, all));
  const groups = [...new Set(groupsOf(message, all))].toSorted().flatMap((name) => {
    const held = all.find((one) => one.name === name);
    return held === undefined ? [] : [[name, fieldsOf(held)]];
  });
  const byName = new Map(groups.map(([name, form]) => [String(name), form]));
  const form = {
    ...message.body,
    fields: fieldsOf(message),
    groups: Object.fromEntries<unknown>(byName),
  };
  return `${JSON.stringify(form, undefined, 1)}\n`;
}
