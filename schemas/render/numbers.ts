import type { Language } from "../codes/index.ts";

/** Between groups of three digits: narrow and not broken, in every language the same (ISO 80000-1 §7.3.1). */
const groupMark = "\u202f";
const commaLanguages: ReadonlySet<Language> = new Set(["fr", "pt", "es"]);

function group(digits: string): string {
  return digits.length < 5 ? digits : digits.replaceAll(/\B(?=(?:\d{3})+$)/g, groupMark);
}

/**
 * A number as the language writes it, such that nobody reads it otherwise: Latin digits, groups by a narrow
 * space, and never exactly three digits after the mark, because `1,250` is two numbers to two readers; a zero
 * is added.
 *
 * @param decimal digits with a point, as the formats `decimal` and numbers spell it
 */
export function renderDecimal(decimal: string, lang: Language): string {
  const [, sign = "", whole = "", fraction = ""] =
    /^(-?)(\d{1,24})(?:\.(\d{1,24}))?$/.exec(decimal) ?? [];
  if (whole === "") return decimal;
  const minus = sign === "" ? "" : "\u2212";
  const mark = commaLanguages.has(lang) ? "," : ".";
  const shown = fraction.length === 3 ? `${fraction}0` : fraction;
  return `${minus}${group(whole)}${fraction === "" ? "" : `${mark}${shown}`}`;
}
