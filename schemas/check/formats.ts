import { type Bytes, isUuid } from "../ground/index.ts";
import { findNameFault } from "../names/index.ts";
import { isIdentifier, isMrzName } from "./identifiers.ts";
import { parseInstant } from "./instant.ts";

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

/** The remainder by 97 of the number that the letters and digits make, the first four at the end, is 1 (ISO 13616). */
function isIban(iban: string): boolean {
  let remainder = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(sign, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Whether there is such a day in the calendar. */
function isCalendarDay(day: string): boolean {
  return parseInstant(`${day}T00:00:00.000Z`) !== undefined;
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
  type: text(
    /^[a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30}$/,
    48,
    "a message type, such as alert.incident",
  ),
  mailbox: text(/^[a-z2-7]{26}$/, 26, "a mailbox name, 26 characters of base32"),
  // RFC 5646 in the case of §2.1.1: language, then script, region and variants if any
  bcp47: text(
    /^[a-z]{2,8}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$/,
    35,
    "a language of BCP 47, such as fr or pt-BR",
  ),
  script: text(/^[A-Z][a-z]{3}$/, 4, "a script of ISO 15924, such as Latn"),
  channel: text(
    /^(?:[a-z]{2,10}\.[a-z]{2,12}\.h[0-3]\.[a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30}|direct\.[a-z2-7]{26})$/,
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
  calendar_day: {
    ...text(/^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/, 10, "a day, such as 2026-12-25"),
    holds: isCalendarDay,
  },
  time_of_day: text(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 5, "a time of day, such as 09:45"),
  list: text(/^[A-Z][A-Z0-9_]{1,40}$/, 41, "the name of a code list, such as CRIME"),
  any_code: text(/^[A-Za-z][A-Za-z0-9_]{0,59}$/, 60, "a code: letters, digits, _"),
  region: text(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 6, "a region of ISO 3166-2, such as GH-AA"),
  airport: text(/^[A-Z]{3}$/, 3, "an airport of IATA, such as ACC"),
  plus_code: text(
    /^[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,7}$/,
    16,
    "a full plus code, such as 6CQX3RQ6+5V",
  ),
  media_type: text(
    /^[a-z]{1,20}\/[a-z0-9][a-z0-9.+-]{0,80}$/,
    100,
    "a media type, such as image/jpeg",
  ),
  ref: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 40, "a name inside the message, such as p1"),
  phone: text(/^\+[1-9][0-9]{5,14}$/, 16, "a number of E.164, such as +233201234567"),
  email: text(
    /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}$/,
    254,
    "an e-mail address",
  ),
  bic: text(/^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/, 11, "a BIC of ISO 9362"),
  iban: {
    ...text(
      /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/,
      34,
      "an IBAN without spaces whose check digits fit",
    ),
    holds: isIban,
  },
  vin: text(/^[A-HJ-NPR-Z0-9]{6,17}$/, 17, "a VIN or chassis number, without I, O and Q"),
  icao24: text(/^[0-9a-f]{6}$/, 6, "an ICAO 24-bit address, six hexadecimal digits"),
  flight: text(/^[A-Z0-9]{2}[A-Z]?[0-9]{1,4}[A-Z]?$/, 8, "a flight, such as KP030"),
  hs6: text(/^[0-9]{6}$/, 6, "a Harmonized System code of six digits"),
  iccs: text(/^[0-9]{2,8}$/, 8, "an ICCS code, digits only"),
  identifier: {
    // at most 60 characters; the longest takes two units
    ...text(
      /^[\s\S]*$/,
      120,
      "an identifier of one script: letters, digits and signs, no hidden characters",
    ),
    holds: isIdentifier,
  },
  person_name: {
    ...text(
      /^[\s\S]*$/,
      400,
      "a name of 1 to 200 characters in any script, without hidden characters",
    ),
    holds: (name: string): boolean => findNameFault(name) === undefined,
  },
  mrz_name: {
    ...text(/^[A-Z<]+$/, 120, "a name as ICAO Doc 9303 writes it: A to Z and <"),
    holds: isMrzName,
  },
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
