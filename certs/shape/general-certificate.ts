import {
  bytesKey,
  type Bytes,
  type EpochMs,
  Fault,
  renderHex,
  sha256,
} from "../../schemas/ground/index.ts";
import { checkAccess } from "./access.ts";
import type { KeyUsage } from "./certificate.ts";
import { checkConformance } from "./conformance.ts";
import { readSubtrees, type Subtrees } from "./constraints.ts";
import { readDerTime } from "./der-values.ts";
import { childOf, type Der, parseDer } from "./der.ts";
import { type DistinguishedName, isSameName, readDistinguishedName } from "./distinguished-name.ts";
import { type DistributionPoint, readDistributionPoints } from "./distribution.ts";
import { readDocument, readSerial } from "./document.ts";
import { readExtensions } from "./extension-fields.ts";
import { type GeneralKey, readGeneralKey } from "./general-key.ts";
import { type GeneralName, readGeneralNames } from "./general-name.ts";
import { certLimits } from "./limits.ts";
import { generalExtensions, oids } from "./oids.ts";
import { type PolicyFields, readPolicyFields } from "./policies.ts";
import { findScheme, type SchemeSigned, type SignatureScheme } from "./signature-scheme.ts";
import { splitSigned } from "./signed.ts";

/**
 * A certificate of RFC 5280, read whole: wider than a `Certificate` of ours in keys, algorithms, names and
 * extensions. Says nothing of whether it is to be trusted.
 */
export interface GeneralCertificate extends SchemeSigned, GeneralKey, PolicyFields {
  readonly der: Bytes;
  /** SHA-256 of `der`, as a map key. */
  readonly id: string;
  readonly serial: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly isSelfIssued: boolean;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
  /** Empty when the certificate says nothing of it. */
  readonly keyUsage: ReadonlySet<KeyUsage>;
  readonly extendedKeyUsage: readonly string[];
  /** The subject's alternative names. */
  readonly names: readonly GeneralName[];
  readonly subtrees?: Subtrees | undefined;
  readonly authorityKeyId?: string | undefined;
  readonly subjectKeyId?: string | undefined;
  readonly distributionPoints?: readonly DistributionPoint[] | undefined;
  readonly critical: ReadonlySet<string>;
  readonly criticalUnknown: readonly string[];
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** The list of extensions of a version 3 body; the unique identifiers before it are passed over. */
function findExtensions(body: Der): Der {
  const version = childOf(body, 0, 0xa0);
  const tags = body.children.slice(7).map(({ tag }) => tag);
  const known = ["163", "129,163", "130,163", "129,130,163"];
  if (renderHex(version.content) !== "020102" || !known.includes(tags.join())) {
    throw malformed("not a certificate of version 3 with extensions");
  }
  const list = childOf(body, body.children.length - 1, 0xa3);
  if (list.children.length !== 1) throw malformed("the extensions are not one list");
  return childOf(list, 0, 0x30);
}

function readGeneralFields(list: Der, issuer: DistinguishedName) {
  const { values, critical, ...fields } = readExtensions(list);
  const value = (oid: string): Der | undefined => {
    const bytes = values.get(oid);
    return bytes === undefined ? undefined : parseDer(bytes);
  };
  checkAccess(value(oids.authorityInfoAccess));
  checkAccess(value(oids.subjectInfoAccess));
  const names = value(oids.subjectAltName);
  const constraints = value(oids.nameConstraints);
  const points = value(oids.crlDistributionPoints);
  const keyId = value(oids.authorityKeyId);
  if (keyId !== undefined && (keyId.children.length !== 1 || fields.authorityKeyId === undefined)) {
    throw new Fault("CERT_OUTSIDE_PROFILE", "the issuer's key is named by its identifier alone");
  }
  return {
    ...fields,
    ...readPolicyFields(value, critical),
    critical,
    criticalUnknown: [...critical].filter((oid) => !generalExtensions.has(oid)),
    names: names === undefined ? [] : readGeneralNames(names),
    subtrees: constraints === undefined ? undefined : readSubtrees(constraints),
    distributionPoints:
      points === undefined ? undefined : readDistributionPoints(points, issuer.bytes),
    extensions: new Set(values.keys()),
  };
}

function readValidity(validity: Der): Pick<GeneralCertificate, "notBefore" | "notAfter"> {
  const [from, until, ...more] = validity.children;
  if (from === undefined || until === undefined || more.length > 0) {
    throw malformed("the validity is not a period");
  }
  return { notBefore: readDerTime(from), notAfter: readDerTime(until) };
}

/** The scheme, named within the signed part as without. */
function readScheme(body: Der, algorithm: Bytes): SignatureScheme {
  if (!Buffer.from(childOf(body, 2, 0x30).bytes).equals(algorithm)) {
    throw malformed("the signature algorithm is named in two ways");
  }
  const scheme = findScheme(algorithm);
  if (scheme !== undefined) return scheme;
  throw new Fault("CERT_OUTSIDE_PROFILE", "the signature algorithm is not one we verify");
}

function readGeneral(outer: Der, der: Bytes): GeneralCertificate {
  const { body, algorithm, tbs, signature } = splitSigned(outer);
  const list = findExtensions(body);
  const issuer = readDistinguishedName(childOf(body, 3, 0x30));
  const subject = readDistinguishedName(childOf(body, 5, 0x30));
  const {
    extensions,
    uris: _uris,
    otherNames: _others,
    ...fields
  } = readGeneralFields(list, issuer);
  const certificate = {
    tbs,
    signature,
    scheme: readScheme(body, algorithm),
    der,
    id: bytesKey(sha256(der)),
    serial: readSerial(childOf(body, 1, 0x02)),
    issuer,
    subject,
    isSelfIssued: isSameName(issuer, subject),
    ...readValidity(childOf(body, 4, 0x30)),
    ...readGeneralKey(childOf(body, 6, 0x30)),
    ...fields,
  };
  checkConformance(certificate, extensions);
  return Object.freeze(certificate);
}

/**
 * Reads a certificate of RFC 5280 from DER: version 3, one spelling, conforming where a reader can tell.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 * @see RFC 5280 §4
 */
export function readGeneralCertificate(der: Bytes): GeneralCertificate {
  return readDocument(der, certLimits.maxGeneralCertificateBytes, readGeneral);
}
