import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { type Authority, issuerId, issuersOf } from "./issuer.ts";
import type { Journal } from "./journal.ts";

/** Why a certificate is revoked: CRLReason, RFC 5280 §5.3.1, those that are final and mean something here. */
export const revocationReasons = {
  KEY_COMPROMISE: 1,
  CA_COMPROMISE: 2,
  AFFILIATION_CHANGED: 3,
  SUPERSEDED: 4,
  CESSATION_OF_OPERATION: 5,
  PRIVILEGE_WITHDRAWN: 9,
} as const;

/** A certificate to be revoked. */
export interface RevocationOrder {
  readonly authority: Authority;
  readonly journal: Journal;
  /** As in `Certificate`: lower-case hexadecimal. */
  readonly serial: string;
  readonly reason: keyof typeof revocationReasons;
  readonly now: EpochMs;
  /**
   * Since when its key is known or feared to be in other hands, where that is before `now`: what it signed from
   * then on counts for nothing. Whole seconds.
   */
  readonly since?: EpochMs | undefined;
}

/** Whose list a certificate goes on: that of the key that signed it. A root is on none: nobody stands above it. */
function findIssuerId({ authority, journal, serial }: RevocationOrder): string | undefined {
  const { root } = authority;
  if (serial === root.certificate.serial) return undefined;
  const isIssuing = issuersOf(authority).some(({ certificate }) => certificate.serial === serial);
  return isIssuing ? issuerId(root) : journal.ledger.certificate(serial)?.issuer;
}

/**
 * Puts a certificate of this authority on record as revoked; the next list of its issuer names it. Doing
 * so again changes nothing: the first time and reason stand.
 *
 * @returns whether it was not revoked before
 * @throws {Fault} CERT_UNKNOWN when the authority did not issue it, USAGE_INVALID, STORE_WRITE_FAILED
 */
export function revokeCertificate(order: RevocationOrder): boolean {
  const { journal, serial, reason, now, since } = order;
  const issuer = findIssuerId(order);
  if (issuer === undefined) {
    throw new Fault("CERT_UNKNOWN", `this authority issued no certificate ${serial}`);
  }
  if (since !== undefined && since > now) {
    throw new Fault("USAGE_INVALID", "a key is not lost from a time to come; leave the time out");
  }
  if (journal.ledger.revocation(serial) !== undefined) return false;
  const why = { reason: revocationReasons[reason], ...(since === undefined ? {} : { since }) };
  journal.append({ event: "revoked", at: now, issuer, serial, ...why });
  return true;
}
