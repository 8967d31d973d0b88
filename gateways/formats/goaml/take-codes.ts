import type { LocalCode, LocalList } from "./dialect.ts";
import { renderPath, type XmlElement } from "./element.ts";
import { childOf } from "./find.ts";
import type { Reading } from "./reading.ts";
import { takeText } from "./take.ts";
import { type Json, readFormat, readShort } from "./values.ts";

/** A local code as it came, and ours when the dialect knows one. */
interface TakenCode {
  readonly code: string | undefined;
  /** CodedValue. */
  readonly local: Json | undefined;
}

const none: TakenCode = { code: undefined, local: undefined };

function ownOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function warnOnce(reading: Reading, element: XmlElement, key: string): void {
  if (reading.unmapped.has(key)) return;
  reading.unmapped.add(key);
  reading.warnings.push({ path: renderPath(element), line: element.line, code: "CODE_NOT_MAPPED" });
}

/**
 * The code of a child by the dialect's list `key`. The local code is always kept beside ours, with its scheme
 * and version: the same letter has other meanings in other states (domain.md §2.4).
 */
export function takeCode(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
  key: string,
): TakenCode {
  const child = childOf(element, name);
  return child === undefined ? none : takeCodeText(reading, child, key);
}

function mappingOf(list: LocalList | undefined, known: LocalCode | undefined): Json | undefined {
  if (list?.list === undefined || known?.code === undefined) return undefined;
  return { list: list.list, code: known.code, quality: known.quality ?? "EXACT" };
}

/** The same for an element that is at hand. */
export function takeCodeText(reading: Reading, element: XmlElement, key: string): TakenCode {
  const code = takeText(reading, element, (text) => readShort(text, 60));
  if (code === undefined) return none;
  const { dialect } = reading;
  const list = ownOf(dialect.lists, key);
  const known = list && ownOf(list.codes, code);
  const mapping = mappingOf(list, known);
  if (list?.list !== undefined && mapping === undefined) {
    warnOnce(reading, element, `${key} ${code}`);
  }
  return {
    code: mapping === undefined ? undefined : known?.code,
    local: {
      scheme: `${dialect.name}/${key}`,
      code,
      version: dialect.version,
      label: known && { text: known.label, lang: "en" },
      mapped: mapping && [mapping],
    },
  };
}

/**
 * Our code for a child where the body has no place for the local one: taken only when it is the same, so that
 * nothing is lost. Otherwise ours is a hint and the local code stays for the details.
 */
export function takeOurCode(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
  key: string,
): string | undefined {
  const child = childOf(element, name);
  if (child === undefined) return undefined;
  const codes = ownOf(reading.dialect.lists, key)?.codes ?? {};
  const known = ownOf(codes, child.text);
  if (known?.code === undefined) return undefined;
  if ((known.quality ?? "EXACT") === "EXACT") reading.taken.add(child);
  return known.code;
}

/** LocalizedText in the language of the file. */
export function takeWords(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
): Json | undefined {
  const child = childOf(element, name);
  return child === undefined
    ? undefined
    : takeText(reading, child, (text) =>
        readShort(text, 4000) === undefined ? undefined : { text, lang: reading.lang },
      );
}

/** A text of our format, such as `country` or `identifier`. */
export function takeFormat(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
  format: string,
): string | undefined {
  const child = childOf(element, name);
  return child === undefined
    ? undefined
    : takeText(reading, child, (text) => readFormat(text, format));
}
