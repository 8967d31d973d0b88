import { type Octets, refuse } from "./bytes.ts";

/** One value of DER. */
export interface Der {
  readonly tag: number;
  /** With tag and length. */
  readonly whole: Octets;
  readonly content: Octets;
}

const badDer = "CERT_MALFORMED";

/** The values that stand side by side. */
export function readDer(bytes: Octets): readonly Der[] {
  const found: Der[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = bytes[at++] ?? refuse(badDer);
    let length = bytes[at++] ?? refuse(badDer);
    if (length > 0x83) refuse(badDer);
    if (length >= 0x80) {
      const count = length - 0x80;
      length = 0;
      for (let i = 0; i < count; i += 1) length = length * 256 + (bytes[at++] ?? refuse(badDer));
    }
    const content = bytes.slice(at, at + length);
    if (content.length !== length) refuse(badDer);
    at += length;
    found.push({ tag, whole: bytes.slice(start, at), content });
  }
  return found;
}

/** The values inside one. */
export function inside({ content }: Der): readonly Der[] {
  return readDer(content);
}

/** One of several, that has to be there. */
export function pick(values: readonly Der[], at: number): Der {
  return values[at] ?? refuse(badDer);
}

/** An object identifier in dotted form; only such as fit into exact numbers. */
export function readOid({ content }: Der): string {
  const [first = 0, ...rest] = content;
  const numbers = [Math.min(2, Math.floor(first / 40)), first % 40];
  if (first >= 80) numbers[1] = first - 80;
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  return numbers.join(".");
}

/** The text of a moment with its century. */
function fullTime({ tag, content }: Der): string {
  const text = String.fromCharCode(...content);
  if (tag !== 0x17) return text;
  return `${text < "5" ? "20" : "19"}${text}`;
}

/** A moment of UTCTime or GeneralizedTime. */
export function readTime(value: Der): number {
  const spelling = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
  const found = spelling.exec(fullTime(value)) ?? refuse(badDer);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  // oxlint-disable-next-line no-restricted-globals -- a calendar's arithmetic, no clock
  return Date.UTC(year, month - 1, day, hour, minute, second);
} // prettier-ignore
