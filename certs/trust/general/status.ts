import { Fault } from "../../../schemas/ground/index.ts";
import {
  allReasons,
  type GeneralCertificate,
  type GeneralCrl,
  isSameName,
  type ListScope,
  nameKey,
} from "../../shape/index.ts";
import type { Budget } from "./budget.ts";
import type { GeneralPath, GeneralQuestion } from "./question.ts";

/** Lists of a question, and how the signer of one is proved when it does not stand in the path. */
export interface StatusQuestion extends Pick<GeneralQuestion, "at" | "intermediates"> {
  readonly crls: readonly GeneralCrl[];
  readonly budget: Budget;
  /** Whether `signer` leads to `anchor` by a path of its own, its own status included. */
  readonly isProven: (signer: GeneralCertificate, anchor: GeneralCertificate) => boolean;
}

/** removeFromCRL, RFC 5280 §5.3.1: lifts a hold, in delta lists only. */
const removeFromCrl = 8;

function isSigner(signer: GeneralCertificate, crl: GeneralCrl): boolean {
  const maySign = signer.keyUsage.size === 0 || signer.keyUsage.has("cRLSign");
  return (
    maySign && signer.subjectKeyId === crl.authorityKeyId && isSameName(signer.subject, crl.issuer)
  );
}

/**
 * Whether `crl` was made by the issuer of a certificate whose issuers are `above`: with a key of theirs that
 * is in the path, or one whose certificate leads to the same anchor (RFC 5280 §6.3.3 (f), (g)).
 */
function isAuthentic(crl: GeneralCrl, above: GeneralPath, question: StatusQuestion): boolean {
  const { budget, intermediates, isProven } = question;
  budget.compare(above.length + intermediates.length);
  const hasSigned = (one: GeneralCertificate): boolean =>
    isSigner(one, crl) && budget.isSigned(crl, one);
  if (above.some(hasSigned)) return true;
  return above
    .slice(-1)
    .some((anchor) => intermediates.some((one) => hasSigned(one) && isProven(one, anchor)));
}

/** Reasons covered by a list with the name of a distribution point, RFC 5280 §6.3.3 (b)(2)(i). */
function reasonsByName(certificate: GeneralCertificate, names: readonly string[]): number {
  const issuer = nameKey({ form: "directory", name: certificate.issuer });
  const points = [
    ...(certificate.distributionPoints ?? []),
    { names: [issuer], isIndirect: false },
  ];
  return points
    .filter(
      ({ isIndirect, names: own = [] }) => !isIndirect && own.some((name) => names.includes(name)),
    )
    .reduce((all, { reasons = allReasons }) => all | reasons, 0);
}

/** Reasons for which the silence of a list of `scope`, not indirect, says that `certificate` is not revoked. */
function reasonsCovered(certificate: GeneralCertificate, scope: ListScope | undefined): number {
  if (scope === undefined) return allReasons;
  const isOfOthers =
    scope.onlyAttributeCertificates ||
    (certificate.isCa ? scope.onlyUserCertificates : scope.onlyCaCertificates);
  if (isOfOthers) return 0;
  const named = scope.names === undefined ? allReasons : reasonsByName(certificate, scope.names);
  return named & (scope.reasons ?? allReasons);
}

function isListed(crl: GeneralCrl, { serial }: GeneralCertificate): boolean {
  const entry = crl.revoked.get(serial);
  return entry !== undefined && entry.reason !== removeFromCrl;
}

function checkOne(
  certificate: GeneralCertificate,
  above: GeneralPath,
  question: StatusQuestion,
): void {
  const { at, crls } = question;
  const lists = crls.filter(
    (crl) =>
      crl.thisUpdate <= at &&
      crl.scope?.isIndirect !== true &&
      isSameName(crl.issuer, certificate.issuer) &&
      isAuthentic(crl, above, question),
  );
  if (lists.some((crl) => isListed(crl, certificate))) {
    throw new Fault("CERT_REVOKED", `serial ${certificate.serial} is on its issuer's list`);
  }
  const covered = lists
    .filter(
      ({ nextUpdate, isDelta, criticalUnknown }) =>
        nextUpdate >= at && !isDelta && criticalUnknown.length === 0,
    )
    .reduce((all, { scope }) => all | reasonsCovered(certificate, scope), 0);
  if ((covered & allReasons) !== allReasons) {
    const { serial } = certificate;
    throw new Fault("CERT_STATUS_UNKNOWN", `no fresh lists cover serial ${serial} in full`);
  }
}

/**
 * RFC 5280 §6.3: no certificate of the path but the anchor stands on a list of its issuer, and fresh full
 * lists that cover it for every reason are silent. A listing counts on any authentic list, stale, partial or
 * delta; what a delta lifts stays. Indirect lists are not read: a certificate that has no other is unknown.
 *
 * @throws {Fault} CERT_REVOKED, CERT_STATUS_UNKNOWN, CERT_TOO_COMPLEX
 */
export function checkStatus(path: GeneralPath, question: StatusQuestion): void {
  path.slice(0, -1).forEach((certificate, index) => {
    checkOne(certificate, path.slice(index + 1), question);
  });
}
