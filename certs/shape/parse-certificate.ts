import { type Bytes, Fault, renderHex, sha256 } from "../../schemas/ground/index.ts";
import type { Certificate } from "./certificate.ts";
import { parseDerTime } from "./der-values.ts";
import { childOf, type Der } from "./der.ts";
import { readDocument, readSerial } from "./document.ts";
import { readExtensions } from "./extension-fields.ts";
import { certLimits } from "./limits.ts";
import { processedExtensions } from "./oids.ts";
import { parseSubjectKey } from "./subject-key.ts";
import { parseSigned } from "./signed.ts";
import { renderName } from "./name-text.ts";

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

function readCertificate(outer: Der, der: Bytes): Certificate {
  const { body, algorithm, ...signed } = parseSigned(outer);
  const version = childOf(body, 0, 0xa0).children;
  const validity = childOf(body, 4, 0x30);
  const [from, until] = validity.children;
  const issuer = childOf(body, 3, 0x30);
  const subject = childOf(body, 5, 0x30);
  const isVersion3 = version.length === 1 && renderHex(childOf(body, 0, 0xa0).content) === "020102";
  if (!isVersion3 || body.children.length !== 8 || validity.children.length !== 2) {
    throw malformed("not a certificate of version 3 without unique identifiers");
  }
  if (from === undefined || until === undefined) throw malformed("the validity is not a period");
  if (!Buffer.from(childOf(body, 2, 0x30).bytes).equals(algorithm)) {
    throw malformed("the signature algorithm is named in two ways");
  }
  const list = childOf(body, 7, 0xa3);
  if (list.children.length !== 1) throw malformed("the extensions are not one list");
  const { values: _values, ...extensions } = readExtensions(childOf(list, 0, 0x30));
  return Object.freeze({
    ...signed,
    ...parseSubjectKey(childOf(body, 6, 0x30).bytes),
    ...extensions,
    der,
    thumbprint: sha256(der),
    serial: readSerial(childOf(body, 1, 0x02)),
    subject: renderName(subject),
    issuer: renderName(issuer),
    subjectName: subject.bytes,
    issuerName: issuer.bytes,
    notBefore: parseDerTime(from),
    notAfter: parseDerTime(until),
    criticalUnknown: [...extensions.critical].filter((oid) => !processedExtensions.has(oid)),
  });
}

/**
 * Reads a certificate from DER: version 3, one spelling, keys and signatures of the kinds we accept.
 * Whether it is to be trusted is another question; see `proveLeaf`.
 *
 * @throws {Fault} CERT_MALFORMED
 * @see RFC 5280 §4
 */
export function parseCertificate(der: Bytes): Certificate {
  return readDocument(der, certLimits.maxCertificateBytes, readCertificate);
}
