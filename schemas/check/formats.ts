import { type Bytes, isUuid } from "../ground/index.ts";

/** How a text of one format is spelt. */
export interface TextFormat {
  readonly kind: "text";
  readonly pattern: RegExp;
  /** Characters; looked at before the pattern, so that no pattern meets a long text. */
  readonly max: number;
  /** What the format is, as an example or in words, for the one who got it wrong. */
  readonly says: string;
  /** What a pattern cannot say. */
  readonly holds?: (text: string) => boolean;
}

/** What bytes of one format are. */
export interface BytesFormat {
  readonly kind: "bytes";
  readonly length: number;
  readonly says: string;
  readonly holds?: (bytes: Bytes) => boolean;
}

function text(pattern: RegExp, max: number, says: string): TextFormat {
  return { kind: "text", pattern, max, says };
}

/** The last digit of an IMO number is the last digit of the weighted sum of the six before it. */
function isImoNumber(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < 6; at += 1) sum += Number(digits[at]) * (7 - at);
  return sum % 10 === Number(digits[6]);
}

/** Every format a field may name. One value has one spelling in each of them. */
export const formats = {
  uuid7: { kind: "bytes", length: 16, says: "a UUID of version 7 in lower case", holds: isUuid },
  digest: { kind: "bytes", length: 32, says: "a SHA-256 digest, 32 bytes" },
  salt: { kind: "bytes", length: 16, says: "16 bytes" },
  agency: text(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/, 42, "an agency, such as lr/tcu"),
  authority: text(/^[a-z]{2,10}$/, 10, "an authority, such as lr, ecowas or region"),
  country: text(/^[A-Z]{2}$/, 2, "a country of ISO 3166-1, two capital letters"),
  rec: text(/^[a-z]{2,10}$/, 10, "a community, such as ecowas"),
  crime: text(/^[a-z]{2,12}$/, 12, "a crime of the list CRIME, such as drugs"),
  type: text(/^[a-z]{2,16}\.[a-z][a-z_]{1,30}$/, 48, "a message type, such as alert.incident"),
  mailbox: text(/^[a-z2-7]{26}$/, 26, "a mailbox name, 26 characters of base32"),
  // RFC 5646 in the case of §2.1.1: language, then script, region and variants if any
  bcp47: text(
    /^[a-z]{2,8}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$/,
    35,
    "a language of BCP 47, such as fr or pt-BR",
  ),
  script: text(/^[A-Z][a-z]{3}$/, 4, "a script of ISO 15924, such as Latn"),
  channel: text(
    /^(?:[a-z]{2,10}\.[a-z]{2,12}\.h[0-3]\.[a-z]{2,16}\.[a-z][a-z_]{1,30}|direct\.[a-z2-7]{26})$/,
    76,
    "a channel, such as ecowas.drugs.h1.alert.incident",
  ),
  unlocode: text(/^[A-Z]{2}[A-Z2-9]{3}$/, 5, "a UN/LOCODE without space, such as TGLFW"),
  decimal: text(
    /^(?!-0$)-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,8}[1-9])?$/,
    29,
    "a decimal number without exponent, leading zeros or zeros at the end, such as 12.5",
  ),
  currency: text(/^[A-Z]{3}$/, 3, "a currency of ISO 4217, such as XOF"),
  imo: {
    ...text(/^[0-9]{7}$/, 7, "an IMO number, seven digits of which the last checks the others"),
    holds: isImoNumber,
  },
  mmsi: text(/^[0-9]{9}$/, 9, "an MMSI, nine digits"),
  time_of_day: text(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 5, "a time of day, such as 09:45"),
  // two full stops: the payload is detached; the longest is a post-quantum signature and its header
  jws: text(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$/, 8192, "a detached JWS in compact form"),
} as const satisfies Record<string, TextFormat | BytesFormat>;

/** The name of a format. */
export type FormatName = keyof typeof formats;

const byName: ReadonlyMap<string, TextFormat | BytesFormat> = new Map(Object.entries(formats));

/** The format of this name, when there is one. */
export function formatOf(name: string): TextFormat | BytesFormat | undefined {
  return byName.get(name);
}
