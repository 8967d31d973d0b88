import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { type Certificate, type Crl, isSignedBy, type Revocation } from "../shape/index.ts";

/** A period, both ends included. */
export interface Window {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** What is asked of the lists: was `certificate`, given by `issuer`, revoked as far as known at `at`? */
export interface StatusQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly crls: readonly Crl[];
  readonly at: EpochMs;
  /** A moment at which what is judged provably existed; a revocation after it does not undo it. */
  readonly provenAt?: EpochMs | undefined;
}

/** From when on a listing counts: since its key is feared to be in other hands, where the issuer says so. */
export function revokedSince({ at, invalidFrom = at }: Revocation): EpochMs {
  return Math.min(at, invalidFrom);
}

function isOfIssuer(crl: Crl, issuer: Certificate): boolean {
  return (
    Buffer.from(crl.issuerName).equals(issuer.subjectName) &&
    crl.authorityKeyId === issuer.subjectKeyId
  );
}

/** Lists that are truly the issuer's. One with a critical extension we do not know may mean less than it says. */
function authenticLists({ crls, issuer }: StatusQuestion): readonly Crl[] {
  if (!issuer.keyUsage.has("cRLSign")) return [];
  return crls.filter(
    (crl) => isOfIssuer(crl, issuer) && crl.criticalUnknown.length === 0 && isSignedBy(crl, issuer),
  );
}

/**
 * Holds that `certificate` stands on none of its issuer's lists made up to `at`, and that one of them is
 * fresh at `at`. A listing counts even when a later list is silent: full lists never forget within the
 * life of a certificate, so silence would be a rolled-back list. Where `provenAt` is given, only what was revoked
 * by then counts.
 *
 * @returns the period around `at` in which the answer from these lists stays the same
 * @throws {Fault} CERT_REVOKED, CERT_STATUS_UNKNOWN
 * @see RFC 5280 §6.3, without indirect, delta and partitioned lists
 */
export function checkNotRevoked(question: StatusQuestion): Window {
  const { certificate, at, provenAt = Number.POSITIVE_INFINITY } = question;
  const lists = authenticLists(question);
  const made = lists.filter(({ thisUpdate }) => thisUpdate <= at);
  const isRevoked = made.some(({ revoked }) => {
    const listing = revoked.get(certificate.serial);
    return listing !== undefined && revokedSince(listing) <= provenAt;
  });
  if (isRevoked) {
    throw new Fault("CERT_REVOKED", `serial ${certificate.serial} is on its issuer's list`);
  }
  const fresh = made.filter(({ nextUpdate }) => nextUpdate >= at);
  if (fresh.length === 0) {
    const known = made.length === 0 ? "no list" : "no fresh list";
    throw new Fault(
      "CERT_STATUS_UNKNOWN",
      `${known} of the issuer of ${certificate.serial} is known`,
    );
  }
  const later = lists.filter(({ thisUpdate }) => thisUpdate > at);
  return {
    from: Math.max(...made.map(({ thisUpdate }) => thisUpdate)),
    until: Math.min(
      Math.max(...fresh.map(({ nextUpdate }) => nextUpdate)),
      ...later.map(({ thisUpdate }) => thisUpdate - 1),
    ),
  };
}
