import type { FieldDescriptor } from "../codec/index.ts";
import { countedLabel, wordLabel } from "../codes/index.ts";
import { renderBase64url, renderUuid } from "../ground/index.ts";
import { renderCode } from "./compact.ts";
import type { Reader } from "./reader.ts";
import { renderMoment } from "./moments.ts";
import { renderDecimal } from "./numbers.ts";
import { renderWords } from "./words.ts";

function renderNumber(value: number, { kind, unit }: FieldDescriptor, reader: Reader): string {
  if (kind === "time") return renderMoment(value, reader.zone);
  // what counts nothing is a name: a year, a port, a page have no groups
  if (unit === undefined && kind !== "double") return String(value);
  const shown = renderDecimal(String(value), reader.lang);
  if (unit === undefined) return shown;
  return countedLabel({ list: "MEASURE", code: unit.toUpperCase() }, { value, shown }, reader.lang);
}

function renderText(value: string, { code, format }: FieldDescriptor, reader: Reader): string {
  const list = code ?? (format === "crime" ? "CRIME" : undefined);
  if (list !== undefined) return renderCode(list, value, reader);
  return format === "decimal" ? renderDecimal(value, reader.lang) : renderWords(value);
}

/** One value that is not a message, for people. */
export function renderValue(value: unknown, field: FieldDescriptor, reader: Reader): string {
  if (field.secret === true) return wordLabel("hidden", reader.lang);
  if (value instanceof Uint8Array) {
    return field.format === "uuid7" ? renderUuid(value) : renderBase64url(value);
  }
  if (typeof value === "boolean") return wordLabel(value ? "yes" : "no", reader.lang);
  if (typeof value === "number") return renderNumber(value, field, reader);
  return typeof value === "string" ? renderText(value, field, reader) : "";
}
