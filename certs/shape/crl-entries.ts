import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { Revocation } from "./certificate.ts";
import { childOf, type Der, parseDer } from "./der.ts";
import { readDerTime } from "./der-values.ts";
import { readSerial } from "./document.ts";
import { readExtensions } from "./extension-fields.ts";
import { oids } from "./oids.ts";

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** removeFromCRL stands in delta lists only, which we refuse. */
const removeFromCrl = 8;

/** All of the usual entry's extensions, a reason alone, but for its last octet. */
const reasonAlone = Buffer.from("300c300a0603551d1504030a01", "hex");

/** The reason where it stands alone: a list may have many thousands, and the library reads each slowly. */
function findReasonAlone({ bytes }: Der): number | undefined {
  const isAlone = Buffer.from(bytes).subarray(0, -1).equals(reasonAlone);
  return isAlone ? bytes.at(-1) : undefined;
}

interface EntryFields extends Omit<Revocation, "at"> {
  readonly unknown: readonly string[];
}

/** The one spelling of RFC 5280 §5.3.2: a GeneralizedTime, of whatever year. */
function readInvalidFrom(value: Bytes | undefined): EpochMs | undefined {
  if (value === undefined) return undefined;
  const time = parseDer(value);
  if (time.tag !== 0x18) throw malformed("the time since when a certificate is invalid is no time");
  return readDerTime(time);
}

/** The extensions of one revoked certificate: of all of them we read the reason and since when it is invalid. */
function readEntryExtensions(list: Der | undefined, isDelta: boolean): EntryFields {
  if (list === undefined) return { unknown: [] };
  const alone = findReasonAlone(list);
  if (alone !== undefined && alone !== removeFromCrl) return { reason: alone, unknown: [] };
  const { critical, values } = readExtensions(list);
  const unknown = [...critical].filter((oid) => oid !== oids.reasonCode);
  const invalidFrom = readInvalidFrom(values.get(oids.invalidityDate));
  const value = values.get(oids.reasonCode);
  if (value === undefined) return { invalidFrom, unknown };
  const { tag, content } = parseDer(value);
  if (tag !== 0x0a || (content[0] === removeFromCrl && !isDelta)) {
    throw malformed("the reason of a revocation is not one of a full list");
  }
  return { reason: content[0], invalidFrom, unknown };
}

/** What stands on a list, by serial, and the critical extensions of its entries that we do not act on. */
export interface Entries {
  readonly revoked: ReadonlyMap<string, Revocation>;
  readonly unknown: readonly string[];
}

/** How the entries of a kind of list are read. */
export interface EntryReading {
  readonly isDelta: boolean;
  readonly readTime: (time: Der) => EpochMs;
}

/**
 * Reads the entries of a list; each serial once.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function readEntries(list: Der | undefined, reading: EntryReading): Entries {
  const revoked = new Map<string, Revocation>();
  const unknown: string[] = [];
  if (list?.children.length === 0) throw malformed("an empty list of revocations is left out");
  for (const entry of list?.children ?? []) {
    const serial = readSerial(childOf(entry, 0, 0x02));
    const time = entry.children[1];
    if (time === undefined || entry.children.length > 3 || revoked.has(serial)) {
      throw malformed("a revocation is not well formed or stands twice");
    }
    const { unknown: more, ...fields } = readEntryExtensions(entry.children[2], reading.isDelta);
    revoked.set(serial, { at: reading.readTime(time), ...fields });
    unknown.push(...more);
  }
  return { revoked, unknown };
}
