import {
  isRightToLeft,
  labelOf,
  type Language,
  renderInstant,
  wordLabel,
} from "../../../schemas/index.ts";
import type { EpochMs } from "../../../schemas/ground/index.ts";

/** One thing that a change means, before it is put into words: a sentence of words.json and what goes into it. */
export interface Remark {
  /** `change.<key>` in the words of every language. */
  readonly key: string;
  readonly values: Readonly<Record<string, Value>>;
}

/** A code that is told by its label. */
interface Coded {
  readonly list: string;
  readonly code: string;
}

/** What goes into a sentence: a name or a number as it is, a code by its label, or words that are themselves put together. */
export type Value = string | number | Coded | Remark | readonly Value[];

/** A list longer than this is cut in the words; the same for machines has all of it. */
const maxListed = 24;

function renderValue(value: Value, lang: Language): string {
  if (typeof value === "object" && "key" in value) return renderRemark(value, lang);
  if (typeof value === "object" && "code" in value) return labelOf(value.list, value.code, lang);
  if (typeof value === "object") {
    const shown = value.slice(0, maxListed).map((one) => renderValue(one, lang));
    const left = value.length - maxListed;
    const rest = left > 0 ? [renderRemark(remark("MORE", { count: left }), lang)] : [];
    return [...shown, ...rest].join(isRightToLeft(lang) ? "، " : ", ");
  }
  // names and numbers keep their own direction within a line that runs from right to left (UAX #9)
  return isRightToLeft(lang) ? `\u2068${value}\u2069` : String(value);
}

/** Makes a remark. */
export function remark(key: string, values: Remark["values"] = {}): Remark {
  return { key, values };
}

/** A remark as a sentence of one language. */
export function renderRemark({ key, values }: Remark, lang: Language): string {
  return wordLabel(`change.${key}`, lang).replace(/\{([a-z]{1,20})\}/g, (slot, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? slot : renderValue(value, lang);
  });
}

/** A moment for people, to the minute. */
export function renderMoment(at: EpochMs): string {
  return `${renderInstant(at).slice(0, 16).replace("T", " ")} UTC`;
}
