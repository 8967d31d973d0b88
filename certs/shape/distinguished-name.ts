import { type Bytes, Fault, parseUtf8, renderHex } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";

/** A distinguished name in a form that can be compared. */
export interface DistinguishedName {
  readonly bytes: Bytes;
  /** Each part in its canonical form: equal strings, equal parts. */
  readonly parts: readonly string[];
  /**
   * Each part with everything folded that some reader might fold. Names that differ here differ for
   * everyone; what may not appear is looked for here.
   */
  readonly looseParts: readonly string[];
  /** E-mail addresses among the attributes, RFC 5280 §4.1.2.6. */
  readonly emails: readonly string[];
}

/** UTF8String and PrintableString compare as one, RFC 5280 §7.1; IA5String is another kind of text. */
const textKinds: Readonly<Record<number, "text" | "ia5">> = {
  0x0c: "text",
  0x13: "text",
  0x16: "ia5",
};
/** 1.2.840.113549.1.9.1 */
const emailAddress = "2a864886f70d010901";

function fold(text: string): string {
  return text
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll(/ +/g, " ")
    .replaceAll(/^ | $/g, "");
}

/** RFC 4518 folds more than letters of ASCII; this folds more than RFC 4518. */
function foldLoosely(text: string): string {
  const bare = text.normalize("NFKD").replaceAll(/[\p{M}\p{C}]/gu, "");
  return bare
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/[\s\p{Z}]+/gu, " ")
    .trim();
}

interface Attribute {
  readonly type: string;
  readonly kind: "text" | "ia5";
  readonly text: string;
}

function readAttribute({ tag, children }: Der): Attribute {
  const [type, value, ...more] = children;
  const kind = textKinds[value?.tag ?? 0];
  if (tag !== 0x30 || type?.tag !== 0x06 || value === undefined || more.length > 0) {
    throw new Fault("CERT_MALFORMED", "a name is not of types and texts");
  }
  if (kind === undefined) {
    throw new Fault("CERT_OUTSIDE_PROFILE", "a name has a text of another type than we compare");
  }
  return { type: renderHex(type.content), kind, text: parseUtf8(value.content) };
}

function keyOf(attributes: readonly Attribute[], isLoose: boolean): string {
  const spelt = attributes.map(({ type, kind, text }) =>
    JSON.stringify(isLoose ? [type, foldLoosely(text)] : [type, kind, fold(text)]),
  );
  return spelt.toSorted().join();
}

/**
 * Reads a distinguished name for comparison. Texts are compared without regard to the case of ASCII letters
 * and to runs of spaces (RFC 5280 §7.1); other letters must be equal as they stand.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE for text types other than UTF8, Printable and IA5
 */
export function readDistinguishedName({ tag, children, bytes }: Der): DistinguishedName {
  const parts = children.map((part) => part.children.map(readAttribute));
  const isWhole = children.every((part, i) => part.tag === 0x31 && parts[i]?.length !== 0);
  if (tag !== 0x30 || !isWhole) throw new Fault("CERT_MALFORMED", "a name is a list of sets");
  return {
    bytes,
    parts: parts.map((part) => keyOf(part, false)),
    looseParts: parts.map((part) => keyOf(part, true)),
    emails: parts
      .flat()
      .filter(({ type }) => type === emailAddress)
      .map(({ text }) => text),
  };
}

/** Whether two names are the same by RFC 5280 §7.1. */
export function isSameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.parts.length === b.parts.length && a.parts.every((part, at) => part === b.parts[at]);
}
