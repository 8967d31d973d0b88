import { bodyMessageName, descriptors, isKnownType, renderInstant } from "../../schemas/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import type { NotFiled } from "../onward/index.ts";

/** Fields that say what a message is about; none of them names anybody. */
export const plainFields = [
  "id", "box", "originator", "type", "crimes", "recs", "handling", "urgency", "status", "createdAt", "expiresAt", "storedAt",
  "state", "code", "recipients", "threadId", "inReplyTo",
] as const; // prettier-ignore

/** Fields with content: they may name people. */
export const contentFields = ["caseRef", "inner", "body"] as const;

/** Every field of an export. */
export const exportFields = [...plainFields, ...contentFields] as const;

/** One of `exportFields`. */
export type ExportField = (typeof exportFields)[number];

const times: ReadonlySet<string> = new Set(["createdAt", "expiresAt", "storedAt"]);
/** From H2 on nothing is given on without its sender's word; a file is given on by whoever has it. */
const givenOn: ReadonlySet<string> = new Set(["H0", "H1"]);

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([one]) => one === name)?.[1];
}

/** Key material is for programs that open files, and goes into no export. */
function withoutSecrets(holder: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map((descriptors[holder]?.fields ?? []).map((field) => [field.name, field]));
  const shown = Object.entries(value).flatMap(([name, held]: [string, unknown]) => {
    const field = fields.get(name);
    if (field === undefined || field.secret === true) return [];
    const { message } = field;
    if (message === undefined) return [[name, held]];
    const all = Array.isArray(held) ? held.map((one) => withoutSecrets(message, one)) : withoutSecrets(message, held);
    return [[name, all]];
  });
  return Object.fromEntries(shown);
} // prettier-ignore

/** Why nobody may be given a message's content here: not for this purpose, or nobody accepted its words of use yet. */
export type Unread = "PURPOSE" | "WORDS";

/** Why a row's content, or all of it, is left out; nothing when it is given. */
export type Withheld = "HANDLING" | "ORIGINATOR" | Unread | "QUARANTINED" | NotFiled;

/** How a row is looked at: why it may not be read for what the file is for, and whether that leaves the agency. */
export interface RowCase {
  readonly unread?: Unread | undefined;
  readonly isOutside: boolean;
}

/**
 * Whether a row shows its content, and why not. What we sent ourselves is ours to give on; whether another's may leave is
 * asked of its owner's consent, and in a file that stays here nothing is that would have to be asked for.
 */
export function findWithheld(message: MessageDetail, { unread, isOutside }: RowCase): Withheld | undefined {
  const { box, handling, inner, body } = message;
  if (body === undefined) return "QUARANTINED";
  if (unread !== undefined) return unread;
  if (box === "out" || isOutside) return undefined;
  if (!givenOn.has(handling)) return "HANDLING";
  return memberOf(inner, "originatorControlled") === true ? "ORIGINATOR" : undefined;
} // prettier-ignore

function contentOf(message: MessageDetail, field: ExportField): unknown {
  const { type, inner, body } = message;
  if (field === "caseRef") return memberOf(inner, "caseRef");
  if (field === "inner") return withoutSecrets("InnerHeader", inner);
  return isKnownType(type) ? withoutSecrets(bodyMessageName(type), body) : undefined;
}

/** One row of an export: the chosen fields in their order, and why content is left out. */
export function projectRow(
  message: MessageDetail,
  fields: readonly ExportField[],
  withheld: Withheld | undefined,
): Readonly<Record<string, unknown>> {
  const cells = fields.map((field) => {
    const isContent = contentFields.some((one) => one === field);
    if (isContent) return [field, withheld === undefined ? contentOf(message, field) : undefined];
    const value = memberOf(message, field);
    return [field, typeof value === "number" && times.has(field) ? renderInstant(value) : value];
  });
  return { ...Object.fromEntries(cells), ...(withheld === undefined ? {} : { withheld }) };
}

/** A cell of a table: lists with spaces between, what is deeper as JSON. */
export function renderValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(" ");
  return JSON.stringify(value);
}
