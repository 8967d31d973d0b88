import type { FieldDescriptor, MessageDescriptor } from "../codec/index.ts";
import type { SourceList } from "./read-labels.ts";

const personalInOpen = new Set(["NONE", "IDS", "CONTACTS", "OBJECTS", "LOW"]);

/** What is looked at together: every message and every code list. */
export interface Sources {
  readonly messages: readonly MessageDescriptor[];
  readonly lists: ReadonlyMap<string, SourceList>;
}

function holdsPersonal(field: FieldDescriptor, messages: readonly MessageDescriptor[]): boolean {
  if (field.personal !== undefined) return true;
  const held = messages.find(({ name }) => name === field.message);
  return held?.fields.some((inner) => holdsPersonal(inner, messages)) ?? false;
}

/** Words of these are the name of a place or of a code, not an account of what someone did. */
const holdsNamesOnly = new Set(["GeoPoint", "CodedValue"]);

/** Words a sender writes may name someone: no schema can see that, so no regional copy shows them. */
function holdsNarrative(field: FieldDescriptor, messages: readonly MessageDescriptor[]): boolean {
  const { message } = field;
  if (message === undefined || holdsNamesOnly.has(message)) return false;
  if (message === "LocalizedText") return true;
  const held = messages.find(({ name }) => name === message);
  return held?.fields.some((inner) => holdsNarrative(inner, messages)) ?? false;
}

function findInCopies(
  { name, place, body }: MessageDescriptor,
  field: FieldDescriptor,
  { messages, lists }: Sources,
): readonly string[] {
  const where = `${name}.${field.name}`;
  const copies = field.copies ?? [];
  if (copies.length > 0 && place !== "BODY") return [`${where}: only fields of a body have copies`];
  const known = lists.get("COPY")?.codes.map(({ code }) => code) ?? [];
  const unknown = copies.filter((copy) => !known.includes(copy));
  const leaks =
    copies.includes("REGIONAL") &&
    body?.form === "SEALED" &&
    (holdsPersonal(field, messages) || holdsNarrative(field, messages));
  return [
    ...unknown.map((copy) => `${where}: there is no copy ${copy}`),
    ...(leaks ? [`${where}: a regional copy holds no personal data and no narrative`] : []),
  ];
}

function findUnknownNames(field: FieldDescriptor, { lists, messages }: Sources): readonly string[] {
  const { code, message } = field;
  return [
    ...(code !== undefined && !lists.has(code) ? [`there is no code list ${code}`] : []),
    ...(message !== undefined && !messages.some(({ name }) => name === message)
      ? [`there is no message ${message}`]
      : []),
  ];
}

function findUnknownUnit({ unit }: FieldDescriptor, { lists }: Sources): readonly string[] {
  if (unit === undefined || unit.startsWith("seconds since")) return [];
  const units = lists.get("MEASURE")?.codes.map(({ code }) => code.toLowerCase()) ?? [];
  return units.includes(unit) ? [] : [`the list MEASURE has no ${unit}`];
}

function findInField(
  message: MessageDescriptor,
  field: FieldDescriptor,
  sources: Sources,
): readonly string[] {
  const own = [
    ...findUnknownNames(field, sources),
    ...findUnknownUnit(field, sources),
    ...(field.repeated && field.max === undefined ? ["a list has a max"] : []),
  ];
  return [
    ...own.map((problem) => `${message.name}.${field.name}: ${problem}`),
    ...findInCopies(message, field, sources),
  ];
}

const optionLists = {
  form: "FORM",
  scope: "SCOPE",
  urgency: "URGENCY",
  personalData: "PERSONAL_DATA",
  keep: "RETENTION_BASIS",
} as const;

function findInOptions({ body }: MessageDescriptor, { messages, lists }: Sources): string[] {
  if (body === undefined) return [];
  const has = (list: string, code: string): boolean =>
    lists.get(list)?.codes.some((one) => one.code === code) ?? false;
  const types = messages.map((message) => message.body?.type);
  const wrong = Object.entries(optionLists).flatMap(([option, list]) => {
    const value = new Map<string, unknown>(Object.entries(body)).get(option);
    return typeof value === "string" && has(list, value) ? [] : [`${option} is no code of ${list}`];
  });
  const isLeaky = body.form === "OPEN" && !personalInOpen.has(body.personalData);
  return [
    ...wrong,
    ...body.signers
      .filter((kind) => !has("AGENCY_KIND", kind))
      .map((kind) => `no agency kind ${kind}`),
    ...body.closedBy.filter((type) => !types.includes(type)).map((type) => `no type ${type}`),
    ...(types.filter((type) => type === body.type).length > 1
      ? ["another message has its type"]
      : []),
    ...(body.retentionDays < 1 ? ["no retention_days"] : []),
    ...(body.goesOn === true && body.scope !== "FEED"
      ? ["only feeds stop, so goes_on is for feeds"]
      : []),
    ...(isLeaky ? [`${body.personalData} data does not travel open`] : []),
  ].map((problem) => `${body.type}: ${problem}`);
}

/** Everything in the schemas that contradicts itself, each as one line that says where. */
export function findContradictions(sources: Sources): readonly string[] {
  const { messages } = sources;
  const names = messages.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [
    ...twice.map((name) => `${name}: declared twice`),
    ...messages.flatMap((message) => [
      ...findInOptions(message, sources),
      ...message.fields.flatMap((field) => findInField(message, field, sources)),
    ]),
  ];
}
