import { spellCode } from "./codes.ts";
import { type Field, fieldsOf, holdsHtcds } from "./fields.ts";
import { fieldNamed, sectionNames } from "./names.ts";
import { writePerson } from "./perpetrator.ts";
import type { HtcdsBodies } from "./read-htcds.ts";
import { type HtcdsRecord, type HtcdsValue, textOf } from "./record.ts";
import { renderValue, typedText } from "./values.ts";

/** The message that is the body of each type. */
const bodyMessages: ReadonlyMap<string, string> = new Map([
  ["tip.case", "TipCase"],
  ["tip.victim", "TipVictim"],
  ["tip.identity", "TipIdentity"],
  ["tip.perpetrator", "TipPerpetrator"],
  ["tip.referral", "TipReferral"],
]);

interface KeptText {
  readonly text: string;
  /** Our code that stands for it; none when it has a spelling only. */
  readonly code: string | undefined;
}

type KeptTexts = ReadonlyMap<string, readonly KeptText[]>;

interface Writing {
  readonly kept: KeptTexts;
  readonly place: string;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

const schemePrefix = "HTCDS ";

/** The values that were kept as the source wrote them, by the name of their field. */
function readKept(sourceValues: unknown): KeptTexts {
  const kept = new Map<string, KeptText[]>();
  for (const item of itemsOf(sourceValues).map(membersOf)) {
    const scheme = textOf(item.get("scheme"));
    if (!scheme.startsWith(schemePrefix)) continue;
    const key = scheme.slice(schemePrefix.length);
    const [stand] = itemsOf(item.get("mapped")).map(membersOf);
    const code = stand === undefined ? undefined : textOf(stand.get("code"));
    kept.set(key, [...(kept.get(key) ?? []), { text: textOf(item.get("code")), code }]);
  }
  return kept;
}

/** A code as the standard spells it: one of ours that it does not have is its Other. */
function spell(list: string, code: string): string | undefined {
  if (code === "UNKNOWN") return spellCode(list, code);
  return spellCode(list, code) ?? spellCode(list, "OTHER");
}

function writeItem(field: Field, value: unknown): readonly (string | number | boolean)[] {
  if (field.code === undefined) return [renderValue(value, field)];
  const spelt = spell(field.code, textOf(value));
  return spelt === undefined ? [] : [spelt];
}

/** The values of a field in their order, each replaced by what the source wrote for it. */
function writeItems(
  field: Field,
  value: unknown,
  kept: readonly KeptText[],
): readonly (string | number | boolean)[] {
  const written = itemsOf(value).flatMap((item) => {
    const own = kept.filter(({ code }) => code !== undefined && code === textOf(item));
    return own.length > 0 ? own.map(({ text }) => text) : writeItem(field, item);
  });
  const plain = kept.filter(({ code }) => code === undefined);
  // one value has one spelling, the source's; of several, those without a place come after the others
  const rest = plain.map(({ text }) => typedText(text, field));
  return [...new Set(field.repeated || rest.length === 0 ? [...written, ...rest] : rest)];
}

function writeLeaf(field: Field, value: unknown, { kept, place }: Writing): HtcdsRecord {
  const { htcds = "" } = field;
  const items = writeItems(field, value, kept.get(`${htcds}${place}`) ?? []);
  const [first] = items;
  if (first === undefined) return {};
  return { [htcds]: field.repeated ? items.map(textOf) : first };
}

function isFlat(record: HtcdsRecord): record is Readonly<Record<string, string>> {
  return Object.values(record).every((value) => typeof value === "string");
}

/** A section of one record stands in the row itself; one of several is a list. */
function writeSection(message: string, items: readonly unknown[], { kept }: Writing): HtcdsRecord {
  const records = items.map((item, at) =>
    writeFields(message, item, { kept, place: at === 0 ? "" : `[${at}]` }),
  );
  const [only, second] = records;
  if (only === undefined || second === undefined) return only ?? {};
  const texts = records.map((record) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textOf(value)])),
  );
  return { [sectionNames[message] ?? message]: texts.filter(isFlat) };
}

function writeFields(message: string, value: unknown, writing: Writing): HtcdsRecord {
  const members = membersOf(value);
  const parts = fieldsOf(message).map((field): HtcdsRecord => {
    const held = members.get(field.name);
    if (field.htcds !== undefined) return writeLeaf(field, held, writing);
    if (field.message === undefined || !holdsHtcds(field.message)) return {};
    return field.repeated
      ? writeSection(field.message, itemsOf(held), writing)
      : writeFields(field.message, held, writing);
  });
  return Object.assign({}, ...parts);
}

/** Values kept of a person's own fields, which a Person of ours has no place for. */
function writeKeptPerson(kept: KeptTexts): HtcdsRecord {
  const entries = [...kept]
    .filter(([key]) => key.startsWith("prs_"))
    .map(([key, texts]): [string, HtcdsValue] => {
      const field = fieldNamed(key);
      const values = texts.map(({ text }) => text);
      return [key, field?.repeated ? values : typedText(values[0] ?? "", field)];
    });
  return Object.fromEntries(entries);
}

function writePerpetrator(body: Readonly<Record<string, unknown>>, kept: KeptTexts): HtcdsRecord {
  const own = writeKeptPerson(kept);
  return Object.keys(own).length > 0 ? own : writePerson(body["person"]);
}

/**
 * Writes bodies of one case and one person as one record of the standard: the inverse of `readHtcds`, down to the
 * spelling of values the standard does not know. What only our messages say has no field there and is left out.
 *
 * @param bodies the JSON form of bodies that were checked
 */
export function writeHtcds(bodies: HtcdsBodies): HtcdsRecord {
  const records = Object.entries(bodies).map(([type, body]): HtcdsRecord => {
    const kept = readKept(body["sourceValues"]);
    const message = bodyMessages.get(type) ?? "";
    const own = writeFields(message, body, { kept, place: "" });
    return type === "tip.perpetrator" ? { ...own, ...writePerpetrator(body, kept) } : own;
  });
  return Object.assign({}, ...records);
}
