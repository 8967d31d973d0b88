import { Fault } from "../../schemas/ground/index.ts";
import type { GeneralCertificate } from "./general-certificate.ts";
import type { GeneralName } from "./general-name.ts";
import { isHostPattern, splitMailbox } from "./host-name.ts";
import { oids } from "./oids.ts";

/** Extensions that RFC 5280 §4.2 says are never marked critical. A critical purpose is outside our profile. */
const neverCritical = [
  oids.authorityKeyId,
  oids.subjectKeyId,
  oids.freshestCrl,
  oids.authorityInfoAccess,
  oids.subjectInfoAccess,
  oids.extendedKeyUsage,
] as const;

/** Extensions that RFC 5280 §4.2 says are always marked critical. */
const alwaysCritical = [oids.nameConstraints, oids.inhibitAnyPolicy] as const;

/** Extensions that RFC 5280 §4.2 leaves to CAs. */
const ofCas = [
  oids.nameConstraints,
  oids.policyMappings,
  oids.policyConstraints,
  oids.inhibitAnyPolicy,
] as const;

function isNameWell(name: GeneralName): boolean {
  switch (name.form) {
    case "dns":
      return isHostPattern(name.text);
    case "email":
      return splitMailbox(name.text) !== undefined;
    case "uri":
      return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]/.test(name.text);
    case "ip":
      return name.octets.length === 4 || name.octets.length === 16;
    default:
      return true;
  }
}

interface Rule {
  readonly breaks: (one: GeneralCertificate, has: (oid: string) => boolean) => boolean;
  readonly says: string;
}

/** What RFC 5280 asks of every certificate, as far as it can be told from one alone. */
const malformedWhen: readonly Rule[] = [
  {
    breaks: ({ critical }) => neverCritical.some((oid) => critical.has(oid)),
    says: "an extension is critical that never is",
  },
  {
    breaks: ({ critical }, has) => alwaysCritical.some((oid) => has(oid) && !critical.has(oid)),
    says: "an extension is not critical that always is",
  },
  {
    breaks: ({ isCa }, has) => !isCa && ofCas.some(has),
    says: "an extension of CAs stands in a certificate that is none",
  },
  { breaks: ({ issuer }) => issuer.parts.length === 0, says: "the issuer has no name" },
  {
    breaks: ({ isCa, subject }) => isCa && subject.parts.length === 0,
    says: "a CA has no name",
  },
  {
    breaks: ({ subject, names, critical }) =>
      subject.parts.length === 0
        ? names.length === 0 || !critical.has(oids.subjectAltName)
        : critical.has(oids.subjectAltName),
    says: "alternative names are critical exactly when there is no other name",
  },
  {
    breaks: ({ isCa, pathLength, keyUsage }) =>
      (keyUsage.has("keyCertSign") && !isCa) ||
      (isCa && keyUsage.size > 0 && !keyUsage.has("keyCertSign") && !keyUsage.has("cRLSign")) ||
      (pathLength !== undefined && (!isCa || (keyUsage.size > 0 && !keyUsage.has("keyCertSign")))),
    says: "the key usage contradicts the basic constraints",
  },
  { breaks: ({ names }) => !names.every(isNameWell), says: "a name is not in its syntax" },
];

/** What RFC 5280 asks of issuers and we build paths by. */
const outsideWhen: readonly Rule[] = [
  {
    breaks: ({ isCa, subjectKeyId }) => isCa && subjectKeyId === undefined,
    says: "a CA does not bear the identifier of its key",
  },
  {
    breaks: ({ isSelfIssued, authorityKeyId }) => !isSelfIssued && authorityKeyId === undefined,
    says: "the certificate does not bear the identifier of its issuer's key",
  },
];

/**
 * Holds that a certificate is what RFC 5280 §4 asks of conforming issuers; `extensions` are all it bears.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE
 */
export function checkConformance(
  certificate: GeneralCertificate,
  extensions: ReadonlySet<string>,
): void {
  const has = (oid: string): boolean => extensions.has(oid);
  const broken = (rules: readonly Rule[]): Rule | undefined =>
    rules.find(({ breaks }) => breaks(certificate, has));
  const malformed = broken(malformedWhen);
  if (malformed !== undefined) throw new Fault("CERT_MALFORMED", malformed.says);
  const outside = broken(outsideWhen);
  if (outside !== undefined) throw new Fault("CERT_OUTSIDE_PROFILE", outside.says);
}
