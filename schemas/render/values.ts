import { renderInstant } from "../body/index.ts";
import type { FieldDescriptor } from "../codec/index.ts";
import { labelOf, type LabelLanguage, unitLabel, wordLabel } from "../codes/index.ts";
import { renderBase64url, renderUuid } from "../ground/index.ts";

const control = /[\p{Cc}--[\n\t]]/gv;
const lineEnd = /[\n\u2028\u2029]/g;

/**
 * Words of a sender as they may stand in a terminal: lines after the first are set in, so that no value can
 * look like a line of ours, and controls are shown as U+FFFD.
 */
export function renderWords(text: string): string {
  return text.replaceAll(control, "\ufffd").replaceAll(lineEnd, "\n    ");
}

/** A moment in UTC, to the minute or as exactly as it is given: `2026-03-09 14:05 UTC`. */
function renderMoment(at: number): string {
  const text = renderInstant(at).replace("T", " ").replace("Z", "");
  return `${text.replace(/(?::00)?\.000$/, "")} UTC`;
}

function renderNumber(value: number, { kind, unit }: FieldDescriptor, lang: LabelLanguage): string {
  if (kind === "time") return renderMoment(value);
  return unit === undefined ? String(value) : `${value} ${unitLabel(unit, lang)}`;
}

function renderText(value: string, { code, format }: FieldDescriptor, lang: LabelLanguage): string {
  const list = code ?? (format === "crime" ? "CRIME" : undefined);
  return renderWords(list === undefined ? value : labelOf(list, value, lang));
}

/** One value that is not a message, for people. */
export function renderValue(value: unknown, field: FieldDescriptor, lang: LabelLanguage): string {
  if (value instanceof Uint8Array) {
    return field.format === "uuid7" ? renderUuid(value) : renderBase64url(value);
  }
  if (typeof value === "boolean") return wordLabel(value ? "yes" : "no", lang);
  if (typeof value === "number") return renderNumber(value, field, lang);
  return typeof value === "string" ? renderText(value, field, lang) : "";
}
