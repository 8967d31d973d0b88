import { Fault, sameBytes } from "../../schemas/ground/index.ts";
import {
  type Certificate,
  caProfiles,
  checkCaProfile,
  checkLeafProfile,
  isSignedBy,
  type LeafKind,
  parseCertificate,
  parseCrl,
  readGeneralCertificate,
  readGeneralCrl,
  renderAgencyUri,
  renderExtension,
  oids,
  trustDomainOf,
} from "../shape/index.ts";
import { keyIdOf } from "./key-id.ts";
import type { CertificateOrder, CrlOrder } from "./orders.ts";
import type { Draft } from "./sign.ts";

/** A draft, what was ordered, and who is about to sign; a root signs itself. */
export interface LintQuestion<T> {
  readonly draft: Draft;
  readonly order: T;
  /** The CA's own certificate; absent when the draft is a root's. */
  readonly issuer?: Certificate | undefined;
}

function refuse(detail: string): never {
  throw new Fault("INTERNAL", `${detail}; nothing was signed`);
}

function toSeconds(moment: number): number {
  return Math.floor(moment / 1000) * 1000;
}

function checkPlace(made: Certificate, { order, issuer }: LintQuestion<CertificateOrder>): void {
  const authorityKeyId = issuer?.subjectKeyId ?? made.subjectKeyId;
  const issuerName = issuer?.subjectName ?? made.subjectName;
  if (!sameBytes(made.issuerName, issuerName) || made.authorityKeyId !== authorityKeyId)
    refuse("the certificate drafted is not its issuer's");
  if (made.serial !== order.serial.replace(/^00/, "") || !sameBytes(made.spki, order.spki))
    refuse("the certificate drafted is not the one ordered");
  if (made.subjectKeyId !== Buffer.from(keyIdOf(made.spki)).toString("hex"))
    refuse("the certificate drafted does not name its own key");
}

function checkPeriod(made: Certificate, { order, issuer }: LintQuestion<CertificateOrder>): void {
  const { notBefore, notAfter } = made;
  if (notBefore !== toSeconds(order.notBefore) || notAfter !== toSeconds(order.notAfter))
    refuse("the certificate drafted is not for the time ordered");
  const { notBefore: from, notAfter: until } = issuer ?? made;
  if (notBefore < from || notAfter > until || notBefore >= notAfter)
    throw new Fault("CERT_EXPIRED", "a certificate begins and ends within its issuer's own time");
}

function lintCertificate(question: LintQuestion<CertificateOrder>): Certificate {
  const { der, by } = question.draft;
  const made = parseCertificate(der);
  // the wider reader holds it to what RFC 5280 asks of every issuer
  readGeneralCertificate(der);
  if (!isSignedBy(made, by)) refuse("the certificate drafted is not signed as drafts are");
  if (made.criticalUnknown.length > 0) refuse("the certificate drafted asks for what nobody reads");
  checkPlace(made, question);
  checkPeriod(made, question);
  return made;
}

function permits(issuer: Certificate | undefined, authority: string): boolean {
  const uris = issuer?.nameConstraints?.permittedUris ?? [];
  return uris.length === 1 && uris[0] === trustDomainOf(authority);
}

/**
 * Reads a drafted leaf as its receivers will, with the readers and the table of kinds that they use, and
 * holds it against the order.
 *
 * @throws {Fault} the code its receivers would refuse it with; INTERNAL when it is not what was ordered
 */
export function lintLeaf(
  question: LintQuestion<CertificateOrder>,
  { agency, kind }: { readonly agency: string; readonly kind: LeafKind },
): void {
  const made = lintCertificate(question);
  checkLeafProfile(made, kind);
  const [authority = ""] = agency.split("/");
  const isNamed = made.uris.length === 1 && made.uris[0] === renderAgencyUri(agency);
  if (!isNamed || made.otherNames > 0 || !permits(question.issuer, authority))
    throw new Fault("CERT_NAME_NOT_PERMITTED", "the issuer may not give this name");
}

/**
 * The same for a drafted CA: a root signs itself and may have one CA beneath it, an issuing CA none.
 *
 * @throws {Fault} the code its receivers would refuse it with; INTERNAL when it is not what was ordered
 */
export function lintCa(
  question: LintQuestion<CertificateOrder>,
  { authority, role }: { readonly authority: string; readonly role: keyof typeof caProfiles },
): void {
  const made = lintCertificate(question);
  checkCaProfile(made);
  if (made.pathLength !== caProfiles[role].pathLength)
    throw new Fault("CERT_PATH_INVALID", "the CA drafted has another path length than its kind");
  const forms = made.nameConstraints?.excludedForms ?? [];
  const excludes = (["dns", "ip", "email"] as const).every((form) => forms.includes(form));
  const { issuer } = question;
  const isInside = issuer === undefined || permits(issuer, authority);
  const isBound = made.critical.has(oids.nameConstraints) && permits(made, authority) && excludes;
  if (!isBound || !isInside || made.uris.length + made.otherNames > 0)
    throw new Fault("CERT_NAME_NOT_PERMITTED", "the CA drafted is not bound to its own names");
}

/**
 * The same for a drafted list: full, of its issuer, fresh for a while, naming exactly what was ordered.
 *
 * @throws {Fault} the code its receivers would refuse it with; INTERNAL when it is not what was ordered
 */
export function lintCrl({ draft, order, issuer }: LintQuestion<CrlOrder>, number: number): void {
  const made = parseCrl(draft.der);
  readGeneralCrl(draft.der);
  if (issuer === undefined || !isSignedBy(made, draft.by)) refuse("the list drafted is nobody's");
  const isIssuers =
    sameBytes(made.issuerName, issuer.subjectName) && made.authorityKeyId === issuer.subjectKeyId;
  if (!isIssuers || made.criticalUnknown.length > 0) refuse("the list drafted is not its issuer's");
  if (!issuer.keyUsage.has("cRLSign"))
    throw new Fault("CERT_USAGE_NOT_PERMITTED", "the issuer may not sign lists");
  const { value } = renderExtension.crlNumber(number);
  if (made.crlNumber !== Buffer.from(value.subarray(2)).toString("hex"))
    refuse("the list drafted has another number");
  const listed = order.revoked.every(
    ({ serial, at, reason, since }) =>
      made.revoked.get(serial)?.at === toSeconds(at) &&
      made.revoked.get(serial)?.reason === reason &&
      made.revoked.get(serial)?.invalidFrom === (since === undefined ? since : toSeconds(since)),
  );
  if (!listed || made.revoked.size !== order.revoked.length)
    refuse("the list drafted does not name what was revoked");
  if (made.thisUpdate < issuer.notBefore || made.nextUpdate <= made.thisUpdate)
    throw new Fault("CERT_STATUS_UNKNOWN", "a list is of a time in its issuer's life");
}
