import { type EpochMs, Fault, renderHex, sha256 } from "../../schemas/ground/index.ts";
import { type Crl, isSignedBy, parseCrl, renderExtension } from "../shape/index.ts";
import type { Authority } from "./authority.ts";
import { keyOf } from "./issue.ts";
import type { Journal, JournalEvent } from "./journal.ts";
import { authorityLimits } from "./limits.ts";
import { signCrl } from "./sign.ts";
import { wholeSeconds } from "./whole-seconds.ts";

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
}

/** A list to be made. */
export interface CrlOrder {
  readonly authority: Authority;
  readonly journal: Journal;
  /** Whose list: the issuing CA's of leaves, or the root's of issuing CAs. */
  readonly issuer: "ROOT" | "ISSUING";
  readonly now: EpochMs;
  /** Days until the next list must be there; 7 for the issuing CA and 100 for the root unless said. */
  readonly days?: number;
}

type EventOf<K extends JournalEvent["event"]> = Extract<JournalEvent, { event: K }>;

function eventsOf<K extends JournalEvent["event"]>(
  journal: Journal,
  kind: K,
): readonly EventOf<K>[] {
  return journal.events().filter((one): one is EventOf<K> => one.event === kind);
}

/**
 * Puts a certificate of this authority on record as revoked; the next list of its issuer names it. Doing
 * so again changes nothing: the first time and reason stand.
 *
 * @throws {Fault} CERT_UNKNOWN when the authority did not issue it, STORE_WRITE_FAILED
 */
export function revokeCertificate({
  authority,
  journal,
  serial,
  reason,
  now,
}: RevocationOrder): void {
  const isIssuing = authority.issuing.certificate.serial === serial;
  const known = isIssuing || eventsOf(journal, "issued").some((one) => one.serial === serial);
  if (!known) throw new Fault("CERT_UNKNOWN", `this authority issued no certificate ${serial}`);
  if (eventsOf(journal, "revoked").some((one) => one.serial === serial)) return;
  const issuer = isIssuing ? "ROOT" : "ISSUING";
  journal.append({ event: "revoked", at: now, issuer, serial, reason: revocationReasons[reason] });
}

/**
 * Makes the next list of an issuer, of everything the journal says it revoked. It was read back and is in
 * the journal before it is returned; its number is above that of every list before.
 *
 * @throws {Fault} KEY_UNUSABLE, STORE_WRITE_FAILED
 */
export async function issueCrl({ authority, journal, issuer, now, days }: CrlOrder): Promise<Crl> {
  const ca = issuer === "ROOT" ? authority.root : authority.issuing;
  const usual = issuer === "ROOT" ? authorityLimits.rootListDays : authorityLimits.issuingListDays;
  const number = eventsOf(journal, "listed").filter((one) => one.issuer === issuer).length + 1;
  const der = await signCrl(
    {
      issuer: ca.certificate.subjectName,
      thisUpdate: wholeSeconds(now),
      nextUpdate: wholeSeconds(now + (days ?? usual) * authorityLimits.dayMs),
      revoked: eventsOf(journal, "revoked").filter((one) => one.issuer === issuer),
      extensions: [
        renderExtension.authorityKeyId(Buffer.from(ca.certificate.subjectKeyId ?? "", "hex")),
        renderExtension.crlNumber(number),
      ],
    },
    keyOf(ca),
  );
  const crl = parseCrl(der);
  if (!isSignedBy(crl, ca.certificate)) {
    throw new Fault("INTERNAL", "the list made is not its issuer's; it was not given out");
  }
  const digest = renderHex(sha256(crl.der));
  journal.append({ event: "listed", at: now, issuer, number, digest });
  return crl;
}
