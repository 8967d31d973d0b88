import {
  type Bytes,
  type Chance,
  type EpochMs,
  Fault,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import {
  type Certificate,
  type ExtensionValue,
  isSignedBy,
  type LeafKind,
  leafProfiles,
  parseCertificate,
  renderAgencyUri,
  renderExtension,
} from "../shape/index.ts";
import { type ProvenRequest, verifyRequest } from "./csr.ts";
import { type Authority, issuerId, keyOf } from "./issuer.ts";
import type { Journal } from "./journal.ts";
import { keyIdOf } from "./key-id.ts";
import type { Ledger } from "./ledger.ts";
import { authorityLimits } from "./limits.ts";
import { lintLeaf } from "./lint.ts";
import { recordingRefusal } from "./record.ts";
import { checkSerial, makeFreshSerial } from "./serial.ts";
import type { CertificateOrder } from "./orders.ts";
import { concludeDraft, type Draft, draftCertificate } from "./sign.ts";
import { renderAgencySubject } from "./subject.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** A leaf to be issued: who asks, for what, and what the authority's officer agreed to. */
export interface LeafOrder {
  readonly authority: Authority;
  readonly journal: Journal;
  /** PKCS #10, DER, from the agency. */
  readonly request: Bytes;
  readonly agency: string;
  readonly kind: LeafKind;
  readonly now: EpochMs;
  readonly chance: Chance;
  /** Days from now; 90 unless said, and never beyond the issuing CA's own life. */
  readonly days?: number;
}

interface Validity {
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
}

function validityOf(
  { now, days = authorityLimits.leafDays }: LeafOrder,
  ca: Certificate,
): Validity {
  if (now < ca.notBefore || now >= ca.notAfter) {
    throw new Fault("CERT_EXPIRED", "the issuing CA is not in its own validity period");
  }
  return {
    notBefore: Math.max(ca.notBefore, wholeSeconds(now - authorityLimits.backdateMs)),
    notAfter: Math.min(ca.notAfter, wholeSeconds(now + days * authorityLimits.dayMs)),
  };
}

/** CRLReason of a key that others may hold: it is never certified again (RFC 5280 §5.3.1). */
const compromised: ReadonlySet<number> = new Set([1, 2]);

/**
 * A key stands for one agency and one use: a message that it signed, or a body sealed to it, could otherwise
 * be taken for another's. The same key may be renewed for the same.
 */
function checkKeyFree({ agency, kind, spki }: ProvenRequest, ledger: Ledger): void {
  for (const one of ledger.ofKey(renderHex(sha256(spki)))) {
    if (one.event !== "issued" || one.agency !== agency || one.kind !== kind)
      throw new Fault("CSR_KEY_NOT_PERMITTED", "the key is certified for another agency or use");
    if (compromised.has(ledger.revocation(one.serial)?.reason ?? 0))
      throw new Fault(
        "CSR_KEY_NOT_PERMITTED",
        "the key was revoked as known to others; make a new one",
      );
  }
}

/** What a leaf of `kind` bears besides its place in the chain, as the table of kinds says. */
export function leafExtensions(kind: LeafKind, agency: string): readonly ExtensionValue[] {
  const { keyUsage, extendedKeyUsage } = leafProfiles[kind];
  const purposes =
    extendedKeyUsage.length > 0 ? [renderExtension.extendedKeyUsage(extendedKeyUsage)] : [];
  const name = renderExtension.subjectAltName(renderAgencyUri(agency));
  return [renderExtension.keyUsage(keyUsage), ...purposes, name];
}

function makeOrder(order: LeafOrder, { agency, kind, spki }: ProvenRequest): CertificateOrder {
  const { authority, journal, chance } = order;
  const { certificate: ca } = authority.issuing;
  return {
    ...validityOf(order, ca),
    serial: makeFreshSerial(chance, journal.ledger),
    subject: renderAgencySubject(agency),
    issuer: ca.subjectName,
    spki,
    extensions: [
      ...leafExtensions(kind, agency),
      renderExtension.subjectKeyId(keyIdOf(spki)),
      renderExtension.authorityKeyId(Buffer.from(ca.subjectKeyId ?? "", "hex")),
    ],
  };
}

/** Signs and records in one step, so that no other order comes between looking and writing. */
function finish(order: LeafOrder, { draft, serial, request }: LintedLeaf): Certificate {
  const { authority, journal, agency, kind, now } = order;
  const { issuing } = authority;
  checkSerial(serial, journal.ledger);
  checkKeyFree(request, journal.ledger);
  const { isTried } = journal;
  const leaf = parseCertificate(concludeDraft(draft, { key: keyOf(issuing), isTried }));
  if (!isTried && !isSignedBy(leaf, issuing.certificate))
    throw new Fault("KEY_UNUSABLE", "the key signed what its public half does not verify");
  journal.append({
    event: "issued",
    at: now,
    issuer: issuerId(issuing),
    serial,
    thumbprint: renderHex(leaf.thumbprint),
    agency,
    kind,
    key: renderHex(sha256(leaf.spki)),
    until: leaf.notAfter,
  });
  return leaf;
}

interface LintedLeaf {
  readonly draft: Draft;
  readonly serial: string;
  readonly request: ProvenRequest;
}

async function issue(order: LeafOrder): Promise<Certificate> {
  const { authority, agency, kind } = order;
  const request = verifyRequest(order.request, { authority: authority.authority, agency, kind });
  checkKeyFree(request, order.journal.ledger);
  const { certificate: issuer } = authority.issuing;
  const ordered = makeOrder(order, request);
  const draft = await draftCertificate(ordered, issuer.keyType);
  lintLeaf({ draft, order: ordered, issuer }, { agency, kind });
  return finish(order, { draft, serial: ordered.serial, request });
}

/**
 * Issues a leaf for a request that proves its key and asks for its own name. A draft of it, signed by a
 * throw-away key, was read back and found to be of its kind before the CA's key was asked; and it is in the
 * journal on disk before it is returned. A refusal is in the journal as well. With a journal that only tries, what is
 * returned is the draft: it says what would be issued, and counts for nobody.
 *
 * @throws {Fault} CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_NAME_NOT_PERMITTED, CSR_KEY_NOT_PERMITTED,
 *   CERT_EXPIRED, SERIAL_REPEATED, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function issueLeaf(order: LeafOrder): Promise<Certificate> {
  const { journal, now, agency, kind, request } = order;
  // who was asked for is part of what was asked
  const asked = Buffer.concat([utf8(`${agency} ${kind}\n`), request]);
  return await recordingRefusal({ journal, now, act: "LEAF", asked }, () => issue(order));
}
