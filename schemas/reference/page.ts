import { type MessageType, parseBody, parseInnerHeader, typeOptions } from "../body/index.ts";
import type { FieldDescriptor, MessageDescriptor, TypeOptions } from "../codec/index.ts";
import { fieldLabel, labelOf, languages, typeLabel } from "../codes/index.ts";
import { type Example, exampleOf } from "../examples/index.ts";
import { bodyCodecs, descriptors } from "../gen/index.ts";
import { renderText } from "../render/index.ts";
import { bodyRulesOf, headerRules, messageRulesOf } from "../rules/index.ts";

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** `least…most`, or nothing when both are open. */
function rangeOf(least: number | undefined, most: number | undefined): string {
  return least === undefined && most === undefined ? "" : `${least ?? 0}…${most ?? "∞"}`;
}

function limitsOf(field: FieldDescriptor): string {
  const { code, format, unit, min, max, atLeast, atMost, repeated, personal, htcds } = field;
  const size = rangeOf(min, max);
  const link = code === undefined ? "" : `[${code}](../codes.md#${code.toLowerCase()})`;
  const marks = [personal && `${personal} data`, htcds && `HTCDS ${htcds}`];
  return [
    link,
    format,
    size === "" ? "" : `${size} ${repeated ? "items" : "characters"}`,
    rangeOf(atLeast, atMost),
    unit,
    ...marks,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("; ");
}

function kindOf({ kind, message, repeated }: FieldDescriptor): string {
  const one = message ?? kind;
  return repeated ? `${one}, list` : one;
}

function isNeeded({ repeated, min, required }: FieldDescriptor): boolean {
  return repeated ? (min ?? 0) > 0 : required;
}

/** Whether a field has to be there, in words of the table. */
function neededIn(field: FieldDescriptor): string {
  if (field.nominal === true) return "but in a regional edition";
  return isNeeded(field) ? "yes" : "";
}

function fieldRow(owner: string, field: FieldDescriptor, inBody: boolean): string {
  const cells = [
    String(field.number),
    `\`${field.name}\``,
    kindOf(field),
    neededIn(field),
    limitsOf(field),
    fieldLabel(field.name, "en", owner),
    ...(inBody ? [(field.copies ?? []).join(" ").toLowerCase()] : []),
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function fieldTable({ name, fields, place }: MessageDescriptor): string {
  const inBody = place === "BODY";
  const copies = inBody ? " copies |" : "";
  return [
    `| no. | field | kind | required | limits | label |${copies}`,
    `| --- | --- | --- | --- | --- | --- |${inBody ? " --- |" : ""}`,
    ...fields.map((field) => fieldRow(name, field, inBody)),
  ].join("\n");
}

/** The messages that `message` holds, at any depth, each once, in the order in which they are met. */
function heldBy(message: MessageDescriptor): readonly MessageDescriptor[] {
  const met = new Map<string, MessageDescriptor>();
  const meet = ({ fields }: MessageDescriptor): void => {
    for (const { message: name } of fields) {
      const held = name === undefined ? undefined : descriptors[name];
      if (held === undefined || met.has(held.name)) continue;
      met.set(held.name, held);
      meet(held);
    }
  };
  meet(message);
  return [...met.values()];
}

function defaultsOf(options: TypeOptions): string {
  const {
    form,
    scope,
    urgency,
    retentionDays,
    keep,
    signers,
    personalData,
    closedBy,
    feedbackDays,
    goesOn,
  } = options;
  const rows: readonly (readonly [string, string])[] = [
    ["travels", `${form.toLowerCase()}, ${scope === "FEED" ? "to a feed" : "to named recipients"}`],
    ["personal data", labelOf("PERSONAL_DATA", personalData, "en")],
    ["urgency", urgency],
    ["kept", `${retentionDays} days, ${labelOf("RETENTION_BASIS", keep, "en")}`],
    ["closed by", closedBy.length === 0 ? "nothing" : closedBy.join(", ")],
    ["result or feedback", feedbackDays === 0 ? "not asked" : `within ${feedbackDays} days`],
    ["while a state is suspended", scope === "FEED" && goesOn !== true ? "stops" : "goes on"],
    ["who may sign it", signers.length === 0 ? "any agency with the mandate" : signers.join(", ")],
  ];
  return [
    "| | |",
    "| --- | --- |",
    ...rows.map(([name, text]) => `| ${name} | ${cell(text)} |`),
  ].join("\n");
}

function rulesOf(type: MessageType): string {
  const rules = [...headerRules, ...bodyRulesOf(type), ...messageRulesOf(type)];
  return rules.map(({ code, says }) => `- \`${code}\`: ${says}.`).join("\n");
}

function renderingsOf(type: MessageType, { inner, body }: Example): string {
  const content = { type, body: parseBody(type, body), inner: parseInnerHeader(inner) };
  return languages
    .map((lang) => `### ${lang}\n\n\`\`\`text\n${renderText({ ...content, lang })}\n\`\`\``)
    .join("\n\n");
}

/** The reference page of one type: what it is for, its fields, rules, example and how it reads. */
export function renderPage(type: MessageType): string {
  const options = typeOptions(type);
  const message = descriptors[bodyCodecs[type].message];
  if (options === undefined || message === undefined) return "";
  const example = exampleOf(type);
  const names = languages.map((lang) => `${typeLabel(type, lang)} (${lang})`).join(" · ");
  const held = heldBy(message).map((one) => `### ${one.name}\n\n${fieldTable(one)}`);
  return [
    `# ${type}`,
    names,
    defaultsOf(options),
    "## Fields",
    fieldTable(message),
    ...held,
    "## Rules",
    rulesOf(type),
    "## Example",
    `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``,
    "## How it reads",
    renderingsOf(type, example),
    "",
  ].join("\n\n");
}
