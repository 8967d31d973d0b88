import { type Bytes, type EpochMs, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Crl } from "./certificate.ts";
import { parseDerTime } from "./der-values.ts";
import { childOf, type Der, parseDer } from "./der.ts";
import { readEntries } from "./crl-entries.ts";
import { readDocument } from "./document.ts";
import { certLimits } from "./limits.ts";
import { oids } from "./oids.ts";
import { parseSigned } from "./signed.ts";
import { readExtensions } from "./extension-fields.ts";

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
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
  const { revoked, unknown } = readEntries(list, { isDelta: false, readTime: parseDerTime });
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
