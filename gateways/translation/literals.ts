import type { FieldDescriptor } from "../../schemas/codec/index.ts";
import { bodyMessageName, type MessageType } from "../../schemas/body/index.ts";
import { descriptors } from "../../schemas/gen/index.ts";

/** No more names and numbers than this are looked for; a message has fewer. */
const maxLiterals = 2000;

/** What identifies someone or something, however it is spelt. */
const identifying = new Set([
  "identifier",
  "vin",
  "imo",
  "mmsi",
  "iban",
  "bic",
  "phone",
  "email",
  "icao24",
  "flight",
  "unlocode",
]);

/** Whether the values of a field are names or numbers and not codes, tags or words. */
function isLiteral({ kind, code, format, personal }: FieldDescriptor): boolean {
  if (kind !== "string" || code !== undefined) return false;
  return personal !== undefined || format === undefined || identifying.has(format);
}

function collect(messageName: string, value: object, found: Set<string>): void {
  if (messageName === "LocalizedText") return;
  const members = new Map<string, unknown>(Object.entries(value));
  for (const field of descriptors[messageName]?.fields ?? []) {
    const held = members.get(field.name);
    const items: readonly unknown[] = Array.isArray(held) ? held : [held];
    for (const item of items) {
      if (typeof item === "string" && isLiteral(field)) found.add(item);
      else if (typeof item === "object" && item !== null && field.message !== undefined) {
        collect(field.message, item, found);
      }
    }
  }
}

/**
 * A name and the words of it that can stand for it: of three letters or more, and not a particle. A double name is two
 * names too, for reports use either half alone.
 */
function withWords(name: string): readonly string[] {
  const words = name.split(/\s+/u);
  const halves = words.flatMap((word) => word.split(/[-'’]/u));
  const long = [...words, ...halves].filter((word) => Array.from(word).length > 2);
  return [name, ...long.filter((word) => !/^\p{Ll}/u.test(word))];
}

function isUsable(literal: string): boolean {
  const length = Array.from(literal).length;
  return length > 2 || (length === 2 && /\p{N}/u.test(literal));
}

/**
 * Everything in a body that names or numbers someone or something: names of persons and their words,
 * organisations, ships, documents, accounts, plates. Each also in capitals, as reports write surnames.
 * These stand in every translation of the message as they are.
 */
export function collectLiterals(type: MessageType, body: object): readonly string[] {
  const found = new Set<string>();
  collect(bodyMessageName(type), body, found);
  const spelt = [...found].flatMap(withWords).flatMap((one) => [one, one.toUpperCase()]);
  return [...new Set(spelt)].filter(isUsable).slice(0, maxLiterals);
}
