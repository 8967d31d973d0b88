import { type EpochMs, Fault } from "../../schemas/ground/index.ts";

function isInteger(content: Uint8Array): boolean {
  const [first = 0, second = 0] = content;
  if (content.length < 2) return content.length === 1;
  return !((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function isBitString(content: Uint8Array): boolean {
  const unused = content[0] ?? 8;
  if (unused > 7 || (content.length === 1 && unused !== 0)) return false;
  return ((content.at(-1) ?? 0) & ((1 << unused) - 1)) === 0 || unused === 0;
}

function isOid(content: Uint8Array): boolean {
  if (content.length === 0 || (content.at(-1) ?? 0x80) >= 0x80) return false;
  // A subidentifier never begins with the byte 0x80: that would be a padded spelling.
  return content.every((byte, at) => byte !== 0x80 || (at > 0 && (content[at - 1] ?? 0) >= 0x80));
}

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
// oxlint-disable-next-line no-control-regex -- IA5 is all of ASCII, control characters included
const ia5 = /^[\x00-\x7f]*$/;
const visible = /^[\x20-\x7e]*$/;
const utcTime = /^\d{12}Z$/;
const generalizedTime = /^\d{14}Z$/;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function latin(content: Uint8Array): string {
  return Buffer.from(content).toString("latin1");
}

function isUtf8(content: Uint8Array): boolean {
  try {
    return strictUtf8.decode(content).length >= 0;
  } catch {
    return false;
  }
}

/** Universal types that stand in certificates, each with the one spelling X.690 §11 leaves it. */
const universal = new Map<number, (content: Uint8Array) => boolean>([
  [0x01, (content) => content.length === 1 && (content[0] === 0 || content[0] === 0xff)],
  [0x02, isInteger],
  [0x03, isBitString],
  [0x04, () => true],
  [0x05, (content) => content.length === 0],
  [0x06, isOid],
  [0x0a, isInteger],
  [0x0c, isUtf8],
  [0x13, (content) => printable.test(latin(content))],
  [0x16, (content) => ia5.test(latin(content))],
  [0x17, (content) => utcTime.test(latin(content))],
  [0x18, (content) => generalizedTime.test(latin(content))],
  // In the notices of policies only; names of these types are refused.
  [0x1a, (content) => visible.test(latin(content))],
  [0x1e, (content) => content.length % 2 === 0],
]);

/** Whether `content` is a value of a primitive type in its one DER spelling; context tags hold anything. */
export function isDerValue(tag: number, content: Uint8Array): boolean {
  if ((tag & 0xc0) === 0x80) return true;
  return universal.get(tag)?.(content) ?? false;
}

interface DerTime {
  readonly tag: number;
  readonly content: Uint8Array;
}

function malformedTime(): Fault {
  return new Fault("CERT_MALFORMED", "a time is not spelt as RFC 5280 asks");
}

/**
 * Reads a UTCTime or GeneralizedTime in whole seconds, Zulu, of any year: RFC 5280 §4.1.2.5 asks readers to
 * take both.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function readDerTime({ tag, content }: DerTime): EpochMs {
  const text = latin(content);
  const century = tag === 0x18 ? "" : text < "50" ? "20" : "19";
  const digits = century + text.slice(0, -1);
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6.000Z");
  // oxlint-disable-next-line no-restricted-globals -- calendar arithmetic; no clock is read
  const moment = new Date(iso);
  const known = tag === 0x17 || tag === 0x18;
  // An hour of 24 or a thirtieth of February reads as another moment, so it is written again and compared.
  if (!known || Number.isNaN(moment.getTime()) || moment.toISOString() !== iso) {
    throw malformedTime();
  }
  return moment.getTime();
}

/**
 * Reads a time as RFC 5280 §4.1.2.5 spells it: UTCTime through 2049, GeneralizedTime from 2050, whole
 * seconds, Zulu.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function parseDerTime(time: DerTime): EpochMs {
  if (time.tag === 0x18 && latin(time.content) < "2050") throw malformedTime();
  return readDerTime(time);
}
