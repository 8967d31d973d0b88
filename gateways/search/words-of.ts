import {
  bodyCodecs,
  bodyMessageName,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  descriptors,
  type Envelope,
  type InnerHeader,
  isKnownType,
  joinParts,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, renderHex } from "../../schemas/ground/index.ts";
import { transliterate } from "../../schemas/names/index.ts";
import { foldWords } from "./fold.ts";
import { soundOf } from "./sound.ts";

/** A message as the store holds it. */
export interface SearchedMessage {
  readonly box: "in" | "out";
  readonly id: Bytes;
  readonly originator: string;
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs: readonly string[];
  readonly handling: string;
  readonly urgency: string;
  /** Of what lies in quarantine the outer header alone is looked at. */
  readonly state: string;
  readonly raw: Bytes;
  /** The encoded parts; without them nothing of its content is known. */
  readonly parts?: Bytes | undefined;
}

/** What of a message can be looked for; all of it folded, with spaces between. */
export interface SearchWords {
  readonly text: string;
  readonly names: string;
  readonly sounds: string;
  /** What it is filtered by, as `codeOf` spells it. */
  readonly codes: string;
  /** When somebody asks for an answer at the latest, if anybody does. */
  readonly dueAt?: number | undefined;
}

/** By what lists are filtered beside the text. */
export type CodeKind =
  | "crime" | "rec" | "country" | "from" | "type" | "handling" | "urgency"
  | "thread" | "reply" | "replaces" | "id" | "purpose" | "box" | "class"; // prettier-ignore

/** One filter as the index holds it: letters, digits and `_` only. */
export function codeOf(kind: CodeKind, value: string): string {
  return `${kind}_${value.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;
}

/** What decides who sees a message: its handling, or that nobody proved it. */
export function classOf({ state, handling }: Pick<SearchedMessage, "state" | "handling">): string {
  return state === "QUARANTINED" ? state : handling;
}

/** A message that limits nobody's purpose is found for any. */
export const anyPurpose = "any";

/** More of one message is not indexed: a list of ten thousand numbers is found by its first ones. */
const maxChars = 60_000;
const unread: ReadonlySet<string> = new Set([
  "digest",
  "jws",
  "salt",
  "media_type",
  "bcp47",
  "script",
]);
const dueNames: ReadonlySet<string> = new Set(["replyBy", "deadline", "answerBy", "dueAt"]);

type FieldDescriptor = NonNullable<(typeof descriptors)[string]>["fields"][number];

/** What was found while walking through a message. */
interface Found {
  readonly texts: string[];
  readonly names: string[];
  readonly countries: Set<string>;
  readonly due: number[];
  chars: number;
}

function takeText(found: Found, { format, code, secret }: FieldDescriptor, text: string): void {
  if (secret === true || code !== undefined || unread.has(format ?? "")) return;
  if (format === "country") found.countries.add(text);
  if (found.chars > maxChars) return;
  found.chars += text.length;
  (format === "person_name" ? found.names : found.texts).push(text);
}

function takeValue(found: Found, field: FieldDescriptor, value: unknown): void {
  if (typeof value === "string") takeText(found, field, value);
  else if (typeof value === "number" && dueNames.has(field.name)) found.due.push(value);
  else if (typeof value === "object" && value !== null && field.message !== undefined)
    walk(found, field.message, value);
}

/** Depth is the schema's: no message holds itself. */
function walk(found: Found, holder: string, parent: object): void {
  for (const field of descriptors[holder]?.fields ?? []) {
    const held: unknown = Reflect.get(parent, field.name);
    if (!Array.isArray(held)) takeValue(found, field, held);
    else for (const one of held) takeValue(found, field, one);
  }
}

/** Each name as it is written, and as the machine-readable zone of a passport has it. */
function spellNames(names: readonly string[]): readonly string[] {
  return names.flatMap((full) => {
    const spelt = transliterate({ full })?.mrz.replaceAll("<", " ").toLowerCase() ?? "";
    return [...foldWords(full), ...spelt.split(" ").filter((word) => word !== "")];
  });
}

function outerCodes(message: SearchedMessage): readonly string[] {
  const { originator, type, crimes, recs, handling, urgency, id } = message;
  return [
    codeOf("box", message.box),
    codeOf("class", classOf(message)),
    codeOf("from", originator),
    codeOf("country", originator.split("/")[0] ?? ""),
    codeOf("type", type),
    codeOf("handling", handling),
    codeOf("urgency", urgency),
    codeOf("id", renderHex(id)),
    ...crimes.map((crime) => codeOf("crime", crime)),
    ...recs.map((rec) => codeOf("rec", rec)),
  ];
}

function idCode(kind: CodeKind, id: Bytes | undefined): readonly string[] {
  return id === undefined ? [] : [codeOf(kind, renderHex(id))];
}

function innerCodes(
  { box, id }: SearchedMessage,
  envelope: Envelope,
  inner: InnerHeader,
): readonly string[] {
  const purposes = box === "out" || inner.purposes.length === 0 ? [anyPurpose] : inner.purposes;
  return [
    ...idCode("thread", envelope.threadId ?? inner.threadId ?? id),
    ...idCode("reply", envelope.inReplyTo ?? inner.inReplyTo),
    ...idCode("replaces", envelope.supersedes ?? inner.supersedes),
    ...purposes.map((purpose) => codeOf("purpose", purpose)),
  ];
}

/** What can be looked for in a message; of one whose content was not proved its outer header's codes alone. */
export function wordsOf(message: SearchedMessage): SearchWords {
  const { type, raw, parts, state } = message;
  const outer = outerCodes(message);
  if (parts === undefined || state === "QUARANTINED" || !isKnownType(type))
    return { text: "", names: "", sounds: "", codes: outer.join(" ") };
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  const found: Found = { texts: [], names: [], countries: new Set(), due: [], chars: 0 };
  walk(found, "InnerHeader", inner);
  walk(found, bodyMessageName(type), bodyCodecs[type].decode(body));
  const words = [...new Set(spellNames(found.names))];
  const heard = words.flatMap((word) => soundOf(word) ?? []);
  const countries = [...found.countries].map((country) => codeOf("country", country));
  const inside = innerCodes(message, parseEnvelope(decodeMessage(raw).envelope), inner);
  return {
    // what parts two texts keeps a phrase from reaching from one into the next
    text: found.texts.map((text) => foldWords(text).join(" ")).join(" | "),
    names: words.join(" "),
    sounds: [...new Set(heard)].join(" "),
    codes: [...new Set([...outer, ...countries, ...inside])].join(" "),
    dueAt: found.due.length === 0 ? undefined : Math.min(...found.due),
  };
}
