import { type Bytes, type EpochMs, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Crl, Revocation } from "./certificate.ts";
import { parseDerTime } from "./der-values.ts";
import { childOf, type Der, parseDer } from "./der.ts";
import { readDocument, readSerial } from "./document.ts";
import { certLimits } from "./limits.ts";
import { oids } from "./oids.ts";
import { parseSigned } from "./signed.ts";
import { readExtensions } from "./x509.ts";

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

/** The extensions of one revoked certificate: of all of them we read the reason only. */
function readEntryExtensions(list: Der | undefined): {
  readonly reason?: number | undefined;
  readonly unknown: readonly string[];
} {
  if (list === undefined) return { unknown: [] };
  const alone = findReasonAlone(list);
  if (alone !== undefined && alone !== removeFromCrl) return { reason: alone, unknown: [] };
  const { critical, values } = readExtensions(list);
  const unknown = [...critical].filter((oid) => oid !== oids.reasonCode);
  const value = values.get(oids.reasonCode);
  if (value === undefined) return { unknown };
  const { tag, content } = parseDer(value);
  if (tag !== 0x0a || content[0] === removeFromCrl) {
    throw malformed("the reason of a revocation is not one of a full list");
  }
  return { reason: content[0], unknown };
}

interface Entries {
  readonly revoked: ReadonlyMap<string, Revocation>;
  readonly unknown: readonly string[];
}

function readEntries(list: Der | undefined): Entries {
  const revoked = new Map<string, Revocation>();
  const unknown: string[] = [];
  if (list?.children.length === 0) throw malformed("an empty list of revocations is left out");
  for (const entry of list?.children ?? []) {
    const serial = readSerial(childOf(entry, 0, 0x02));
    const time = entry.children[1];
    if (time === undefined || entry.children.length > 3 || revoked.has(serial)) {
      throw malformed("a revocation is not well formed or stands twice");
    }
    const { reason, unknown: more } = readEntryExtensions(entry.children[2]);
    revoked.set(serial, { at: parseDerTime(time), reason });
    unknown.push(...more);
  }
  return { revoked, unknown };
}

interface Head {
  readonly issuerName: Bytes;
  readonly thisUpdate: EpochMs;
  readonly nextUpdate: EpochMs;
}

function readHead(body: Der, algorithm: Bytes): Head {
  const version = childOf(body, 0, 0x02);
  const issuer = childOf(body, 2, 0x30);
  const [, , , thisUpdate, nextUpdate] = body.children;
  if (renderHex(version.content) !== "01") throw malformed("not a CRL of version 2");
  if (!Buffer.from(childOf(body, 1, 0x30).bytes).equals(algorithm)) {
    throw malformed("the signature algorithm is named in two ways");
  }
  if (thisUpdate === undefined || nextUpdate === undefined) {
    throw malformed("a CRL says when it was made and when the next one comes");
  }
  return {
    issuerName: issuer.bytes,
    thisUpdate: parseDerTime(thisUpdate),
    nextUpdate: parseDerTime(nextUpdate),
  };
}

function readIdentity(list: Der): Pick<Crl, "crlNumber" | "authorityKeyId" | "criticalUnknown"> {
  const { authorityKeyId, critical, values } = readExtensions(childOf(list, 0, 0x30));
  const number = values.get(oids.crlNumber);
  if (number === undefined || authorityKeyId === undefined || list.children.length !== 1) {
    throw malformed("a CRL has a number and the identifier of its issuer's key");
  }
  const { tag, content } = parseDer(number);
  if (tag !== 0x02) throw malformed("the number of a CRL is not one");
  return { authorityKeyId, crlNumber: renderHex(content), criticalUnknown: [...critical] };
}

function readCrl(outer: Der, der: Bytes): Crl {
  const { body, algorithm, ...signed } = parseSigned(outer);
  const head = readHead(body, algorithm);
  const list = body.children[5]?.tag === 0x30 ? body.children[5] : undefined;
  const extensionsAt = list === undefined ? 5 : 6;
  if (body.children.length !== extensionsAt + 1)
    throw malformed("a CRL has other fields than ours");
  const identity = readIdentity(childOf(body, extensionsAt, 0xa0));
  const { revoked, unknown } = readEntries(list);
  const criticalUnknown = [...identity.criticalUnknown, ...unknown];
  return Object.freeze({ ...signed, ...head, ...identity, der, revoked, criticalUnknown });
}

/**
 * Reads a full certificate revocation list from DER: version 2, with number, issuer key identifier and
 * next update. Not proved to be its issuer's until a path uses it.
 *
 * @throws {Fault} CERT_MALFORMED
 * @see RFC 5280 §5
 */
export function parseCrl(der: Bytes): Crl {
  return readDocument(der, certLimits.maxCrlBytes, readCrl);
}
