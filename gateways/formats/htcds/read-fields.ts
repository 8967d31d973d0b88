import { codeSpelt, fallbackCode, unsaidCode } from "./codes.ts";
import { type Field, fieldsOf, holdsHtcds, namesIn } from "./fields.ts";
import { type Kept, makeKept } from "./kept.ts";
import { sectionNames } from "./names.ts";
import { type HtcdsRecord, type HtcdsValue, textOf, textsOf } from "./record.ts";
import { readValue, renderValue } from "./values.ts";

/** The JSON form of one of our messages, and the values of the source that it cannot hold. */
export interface ReadFields {
  readonly json: Readonly<Record<string, unknown>>;
  readonly kept: readonly Kept[];
}

interface Reading {
  readonly record: HtcdsRecord;
  /** The language free text is written in. */
  readonly lang: string;
  /** After the name of a field, where a section has several records: `[1]`. */
  readonly place: string;
}

interface Leaf {
  readonly value?: unknown;
  readonly kept: readonly Kept[];
}

function readCodes(list: string, key: string, texts: readonly string[]): Leaf {
  const stand = { list, code: fallbackCode(list), quality: "BROADER" };
  const found = texts.map((text) => ({ text, code: codeSpelt(list, text) }));
  const hasUnknown = found.some(({ code }) => code === undefined);
  // beside an unknown value, a value that is the fallback itself is kept too: both must come back
  const kept = found.flatMap(({ text, code }) =>
    code === undefined || (hasUnknown && code === stand.code) ? [makeKept(key, text, stand)] : [],
  );
  return { value: [...new Set(found.map(({ code }) => code ?? stand.code))], kept };
}

function readMany(field: Field, key: string, texts: readonly string[]): Leaf {
  if (field.code !== undefined) return readCodes(field.code, key, texts);
  const found = texts.map((text) => ({ text, value: readValue(text, field, "") }));
  const kept = found
    .filter(({ text, value }) => value !== text)
    .map(({ text, value }) =>
      typeof value === "string"
        ? makeKept(key, text, { list: "ISO_3166_1", code: value, quality: "EXACT" })
        : makeKept(key, text),
    );
  const values = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return { value: [...new Set(values)], kept };
}

function readOne(
  field: Field,
  given: HtcdsValue,
  { key, lang }: { readonly key: string; readonly lang: string },
): Leaf {
  const text = Array.isArray(given) ? textsOf(given).join(";") : textOf(given);
  if (field.code !== undefined) {
    const { value, kept } = readCodes(field.code, key, [text]);
    return { value: Array.isArray(value) ? value[0] : undefined, kept };
  }
  const value = readValue(text, field, lang);
  const isSame = value !== undefined && textOf(renderValue(value, field)) === text;
  return { value, kept: isSame ? [] : [makeKept(key, text)] };
}

function readLeaf(field: Field, htcds: string, { record, lang, place }: Reading): Leaf {
  const given = record[htcds];
  if (given === undefined || textsOf(given).length === 0) return { kept: [] };
  const key = `${htcds}${place}`;
  return field.repeated
    ? readMany(field, key, textsOf(given))
    : readOne(field, given, { key, lang });
}

function isRecord(item: unknown): item is HtcdsRecord {
  return typeof item === "object" && item !== null && !Array.isArray(item);
}

/** The records of a section: the one whose fields stand in the row itself, then those of its list. */
function sectionOf(message: string, record: HtcdsRecord): readonly HtcdsRecord[] {
  const names = new Set(namesIn(message));
  const own = Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
  const listed = record[sectionNames[message] ?? ""];
  const items: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const records = items.filter(isRecord);
  return [...(Object.keys(own).length > 0 ? [own] : []), ...records];
}

function readInside(field: Field, message: string, reading: Reading): Leaf {
  if (!field.repeated) {
    const { json, kept } = readFields(message, reading);
    return Object.keys(json).length > 0 ? { value: json, kept } : { kept };
  }
  const items = sectionOf(message, reading.record).map((record, at) =>
    readFields(message, { ...reading, record, place: at === 0 ? "" : `[${at}]` }),
  );
  return {
    ...(items.length > 0 ? { value: items.map(({ json }) => json) } : {}),
    kept: items.flatMap(({ kept }) => kept),
  };
}

/** A code that our schema requires and the source does not say is said to be unknown. */
function sayUnknown(message: string, json: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(json).length === 0) return json;
  const missing = fieldsOf(message).flatMap(({ name, required, code, repeated, htcds }) =>
    required && htcds !== undefined && code !== undefined && !repeated && json[name] === undefined
      ? [[name, unsaidCode(code)]]
      : [],
  );
  return { ...json, ...Object.fromEntries(missing) };
}

/**
 * Reads all fields of the standard that `message` has, at any depth, out of a record.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED
 */
export function readFields(message: string, reading: Reading): ReadFields {
  const leaves = fieldsOf(message).map((field): [string, Leaf] => {
    if (field.htcds !== undefined) return [field.name, readLeaf(field, field.htcds, reading)];
    const { message: held } = field;
    if (held === undefined || !holdsHtcds(held)) return [field.name, { kept: [] }];
    return [field.name, readInside(field, held, reading)];
  });
  const said = leaves.filter(([, { value }]) => value !== undefined);
  return {
    json: sayUnknown(message, Object.fromEntries(said.map(([name, { value }]) => [name, value]))),
    kept: leaves.flatMap(([, { kept }]) => kept),
  };
}
