import { type EpochMs, Fault } from "../../../schemas/ground/index.ts";
import { type GeneralCertificate, oids } from "../../shape/index.ts";
import type { GeneralPath, GeneralQuestion } from "./question.ts";

/** RFC 5280 §6.1.3 (a)(2), §6.1.4 (o), §6.1.5 (f): what is asked of every certificate of a path. */
function checkAny(
  { notBefore, notAfter, serial, criticalUnknown }: GeneralCertificate,
  at: EpochMs,
): void {
  if (at < notBefore) throw new Fault("CERT_NOT_YET_VALID", `serial ${serial} is not valid yet`);
  if (at > notAfter) throw new Fault("CERT_EXPIRED", `serial ${serial} has expired`);
  if (criticalUnknown.length > 0) {
    throw new Fault(
      "CERT_OUTSIDE_PROFILE",
      `a critical extension is not known: ${criticalUnknown.join(", ")}`,
    );
  }
}

/**
 * What is asked of the certificate that is judged.
 *
 * @throws {Fault} CERT_NOT_YET_VALID, CERT_EXPIRED, CERT_OUTSIDE_PROFILE
 */
export function checkTarget(leaf: GeneralCertificate, at: EpochMs): void {
  checkAny(leaf, at);
}

/**
 * What is asked of an issuer: RFC 5280 §6.1.4 (k), (n).
 *
 * @throws {Fault} CERT_NOT_YET_VALID, CERT_EXPIRED, CERT_OUTSIDE_PROFILE, CERT_PATH_INVALID,
 *   CERT_USAGE_NOT_PERMITTED
 */
export function checkIssuer(issuer: GeneralCertificate, at: EpochMs): void {
  if (!issuer.isCa) throw new Fault("CERT_PATH_INVALID", "an issuer in the path is not a CA");
  if (issuer.keyUsage.size > 0 && !issuer.keyUsage.has("keyCertSign")) {
    throw new Fault("CERT_USAGE_NOT_PERMITTED", "an issuer in the path may not sign certificates");
  }
  checkAny(issuer, at);
}

/**
 * What is asked of an anchor besides: it was chosen by hand, so it may be asked to be a plain CA. RFC 5280
 * takes a name and a key from it; we hold it to all it says of itself, and refuse what we would not enforce.
 *
 * @throws {Fault} CERT_OUTSIDE_PROFILE
 */
export function checkAnchor(anchor: GeneralCertificate): void {
  const { critical, authorityKeyId, subjectKeyId, isSelfIssued } = anchor;
  const isOtherKey = authorityKeyId !== undefined && authorityKeyId !== subjectKeyId;
  const isPlain =
    critical.has(oids.basicConstraints) &&
    !(isSelfIssued && isOtherKey) &&
    anchor.extendedKeyUsage.length === 0 &&
    anchor.policyMappings.length === 0 &&
    anchor.requireExplicitPolicy === undefined &&
    anchor.inhibitPolicyMapping === undefined &&
    anchor.inhibitAnyPolicy === undefined;
  if (!isPlain) throw new Fault("CERT_OUTSIDE_PROFILE", "an anchor is not a plain CA certificate");
}

/**
 * RFC 5280 §6.1.4 (l), (m): no CA has more CAs beneath it than it may, self-issued ones not counted.
 *
 * @throws {Fault} CERT_PATH_INVALID
 */
export function checkPathLength(path: GeneralPath, { maxIntermediates }: GeneralQuestion): void {
  path.forEach((issuer, index) => {
    const isAnchor = index === path.length - 1;
    const beneath = path.slice(1, index).filter((one) => !one.isSelfIssued).length;
    const most = Math.min(
      issuer.pathLength ?? path.length,
      isAnchor ? (maxIntermediates ?? path.length) : path.length,
    );
    if (index > 0 && beneath > most) {
      throw new Fault("CERT_PATH_INVALID", "more CAs stand beneath one than it may have");
    }
  });
}
