import { daysInMonth, formatOf } from "../../../schemas/check/index.ts";
import type { Field } from "./fields.ts";
import alpha3 from "../maritime/alpha3.json" with { type: "json" };
import { textOf } from "./record.ts";

const codesOfCountries: Readonly<Record<string, string>> = alpha3;

const date = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const decimal = /^-?\d{1,3}(?:\.\d{1,15})?$/;

function readDate(text: string): object | undefined {
  const found = date.exec(text);
  if (found === null) return undefined;
  const [year = 0, month, day] = found.slice(1).map((part) => (part ? Number(part) : undefined));
  if (year < 1800 || year > 2200) return undefined;
  if (month === undefined) return { year };
  if (month < 1 || month > 12) return undefined;
  if (day === undefined) return { year, month };
  return day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : undefined;
}

function readNumber(text: string, { kind, atLeast, atMost }: Field): number | undefined {
  const isNumber = kind === "double" ? decimal.test(text) : /^\d{1,9}$/.test(text);
  if (!isNumber) return undefined;
  const value = Number(text);
  return value < (atLeast ?? -Infinity) || value > (atMost ?? Infinity) ? undefined : value;
}

function readFlag(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (["true", "yes", "1"].includes(word)) return true;
  return ["false", "no", "0"].includes(word) ? false : undefined;
}

function isSpelt(text: string, format: string): boolean {
  const spelling = formatOf(format);
  if (spelling?.kind !== "text" || text.length > spelling.max) return false;
  return spelling.pattern.test(text) && (spelling.holds?.(text) ?? true);
}

function readText(text: string, { format, max = 100 }: Field): string | undefined {
  if (format === undefined) return Array.from(text).length <= max ? text : undefined;
  if (format === "country" && Object.hasOwn(codesOfCountries, text)) return codesOfCountries[text];
  return isSpelt(text, format) ? text : undefined;
}

/** A text of the standard as a value of our field; undefined when the field cannot hold it. Codes apart. */
export function readValue(text: string, field: Field, lang: string): unknown {
  if (field.message === "LocalizedText") {
    return Array.from(text).length <= 4000 ? { text, lang } : undefined;
  }
  if (field.message === "PartialDate") return readDate(text);
  switch (field.kind) {
    case "bool":
      return readFlag(text);
    case "uint32":
    case "sint32":
    case "double":
      return readNumber(text, field);
    case "string":
      return readText(text, field);
    default:
      return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

function renderDate(value: unknown): string {
  const parts = [memberOf(value, "month"), memberOf(value, "day")];
  const rest = parts
    .filter((part) => part !== undefined)
    .map((part) => textOf(part).padStart(2, "0"));
  return [textOf(memberOf(value, "year")).padStart(4, "0"), ...rest].join("-");
}

/** A value of our field as the standard writes it: the inverse of `readValue`. */
export function renderValue(value: unknown, field: Field): string | number | boolean {
  if (field.message === "LocalizedText") return textOf(memberOf(value, "text"));
  if (field.message === "PartialDate") return renderDate(value);
  return typeof value === "number" || typeof value === "boolean" ? value : textOf(value);
}

/** A kept text in the kind its field has, where that is its spelling. */
export function typedText(text: string, field: Field | undefined): string | number | boolean {
  if (field?.kind === "bool" && (text === "TRUE" || text === "FALSE")) return text === "TRUE";
  const isNumber = field?.kind === "uint32" || field?.kind === "double";
  return isNumber && String(Number(text)) === text ? Number(text) : text;
}
