import type { KeyObject } from "node:crypto";

import {
  type Bytes,
  type Chance,
  type EpochMs,
  Fault,
  renderHex,
  sameBytes,
} from "../../schemas/ground/index.ts";
import {
  type Certificate,
  checkLeafProfile,
  type ExtensionValue,
  isSignedBy,
  type LeafKind,
  leafProfiles,
  parseCertificate,
  renderAgencyUri,
  renderExtension,
} from "../shape/index.ts";
import type { Authority, Issuer } from "./authority.ts";
import { type ProvenRequest, verifyRequest } from "./csr.ts";
import type { Journal } from "./journal.ts";
import { keyIdOf } from "./key-id.ts";
import { authorityLimits } from "./limits.ts";
import { makeSerial } from "./serial.ts";
import { signCertificate } from "./sign.ts";
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

/**
 * The key of a CA that is about to act.
 *
 * @throws {Fault} KEY_UNUSABLE when it is not at hand
 */
export function keyOf({ certificate, key }: Issuer): KeyObject {
  if (key === undefined) {
    throw new Fault("KEY_UNUSABLE", `the key of ${certificate.subject} is not at hand`);
  }
  return key;
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

/** Reads the new certificate as its receivers will, before anyone receives it. */
function lint(der: Bytes, { agency, kind, spki }: ProvenRequest, ca: Certificate): Certificate {
  const leaf = parseCertificate(der);
  checkLeafProfile(leaf, kind);
  const named = leaf.uris.join() === renderAgencyUri(agency) && leaf.otherNames === 0;
  const chained = isSignedBy(leaf, ca) && leaf.authorityKeyId === ca.subjectKeyId;
  if (!named || !chained || !sameBytes(leaf.spki, spki) || leaf.criticalUnknown.length > 0) {
    throw new Fault(
      "INTERNAL",
      "the certificate made is not the one asked for; it was not given out",
    );
  }
  return leaf;
}

/** What a leaf of `kind` bears besides its place in the chain, as the table of kinds says. */
export function leafExtensions(kind: LeafKind, agency: string): readonly ExtensionValue[] {
  const { keyUsage, extendedKeyUsage } = leafProfiles[kind];
  const purposes =
    extendedKeyUsage.length > 0 ? [renderExtension.extendedKeyUsage(extendedKeyUsage)] : [];
  const name = renderExtension.subjectAltName(renderAgencyUri(agency));
  return [renderExtension.keyUsage(keyUsage), ...purposes, name];
}

/**
 * Issues a leaf for a request that proves its key and asks for its own name. The certificate was read back
 * and found to be of its kind, and is in the journal on disk, before it is returned.
 *
 * @throws {Fault} CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_NAME_NOT_PERMITTED, CERT_EXPIRED,
 *   KEY_UNUSABLE, STORE_WRITE_FAILED
 */
export async function issueLeaf(order: LeafOrder): Promise<Certificate> {
  const { authority, agency, kind, now } = order;
  const { certificate: ca } = authority.issuing;
  const terms = { authority: authority.authority, agency, kind };
  const request = verifyRequest(order.request, terms);
  const der = await signCertificate(
    {
      ...validityOf(order, ca),
      serial: makeSerial(order.chance),
      subject: renderAgencySubject(agency),
      issuer: ca.subjectName,
      spki: request.spki,
      extensions: [
        ...leafExtensions(kind, agency),
        renderExtension.subjectKeyId(keyIdOf(request.spki)),
        renderExtension.authorityKeyId(Buffer.from(ca.subjectKeyId ?? "", "hex")),
      ],
    },
    keyOf(authority.issuing),
  );
  const leaf = lint(der, request, ca);
  const { serial } = leaf;
  const thumbprint = renderHex(leaf.thumbprint);
  order.journal.append({
    event: "issued",
    at: now,
    issuer: "ISSUING",
    serial,
    thumbprint,
    agency,
    kind,
  });
  return leaf;
}
