import { listOf, membersOf, textOf } from "./members.ts";

/** A sender's own words somewhere in a message: where they stand, as they were signed, and in which language. */
export interface FreeText {
  /** JSON Pointer into the body. @see RFC 6901 */
  readonly pointer: string;
  readonly text: string;
  readonly lang: string;
  readonly source: Readonly<Record<string, unknown>>;
}

const mostDepth = 12;

/** Every text of a sender's own words in a body, in its order. */
export function findTexts(body: unknown, pointer = "", depth = 0): readonly FreeText[] {
  if (depth > mostDepth) return [];
  if (Array.isArray(body)) return body.flatMap((one, at) => findTexts(one, `${pointer}/${at}`, depth + 1));
  const said = membersOf(body);
  const [text, lang] = [textOf(said["text"]), textOf(said["lang"])];
  if (text !== "" && lang !== "") return [{ pointer, text, lang, source: said }];
  return Object.entries(said).flatMap(([name, value]) => findTexts(value, `${pointer}/${name}`, depth + 1));
} // prettier-ignore

/** Whether a body names files. */
export function namesFiles(body: unknown, depth = 0): boolean {
  if (depth > mostDepth) return false;
  if (Array.isArray(body)) return body.some((one) => namesFiles(one, depth + 1));
  const said = membersOf(body);
  if (textOf(said["digest"]) !== "" && textOf(said["mediaType"]) !== "") return true;
  return Object.values(said).some((one) => namesFiles(one, depth + 1));
}

/** Whether a language is another than the one that is read: `pt-BR` is read by who reads `pt`. */
export function isOther(lang: string, read: string): boolean {
  return lang.split("-")[0]?.toLowerCase() !== read;
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function bytesField(number: number, bytes: Iterable<number>): readonly number[] {
  const all = [...bytes];
  return all.length === 0 ? [] : [(number << 3) | 2, ...varint(all.length), ...all];
}

function textField(number: number, value: unknown): readonly number[] {
  return bytesField(number, new TextEncoder().encode(textOf(value)));
}

function numberField(number: number, value: unknown): readonly number[] {
  return typeof value === "number" ? [number << 3, ...varint(value)] : [];
}

function encodeMark(mark: unknown): readonly number[] {
  const { start, end, kind } = membersOf(mark);
  return [...numberField(1, start), ...numberField(2, end), ...textField(3, kind)];
}

/** A text as Protocol Buffers writes it (LocalizedText of common.proto): what a translation of it is bound to by its hash. */
export function encodeText(source: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
  const { text, lang, script, marks } = source;
  const all = listOf(marks).flatMap((mark) => [...bytesField(4, encodeMark(mark))]);
  return Uint8Array.from([...textField(1, text), ...textField(2, lang), ...textField(3, script), ...all]);
} // prettier-ignore
