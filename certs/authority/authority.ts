import type { KeyObject } from "node:crypto";

import { type Bytes, type Chance, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { makeKeyPair, publicHalf } from "../keys/index.ts";
import {
  caProfiles,
  type Certificate,
  checkCaProfile,
  type KeyType,
  parseCertificate,
  renderExtension,
  trustDomainOf,
} from "../shape/index.ts";
import { keyIdOf } from "./key-id.ts";
import { authorityLimits } from "./limits.ts";
import { makeSerial } from "./serial.ts";
import { signCertificate } from "./sign.ts";
import { renderCaSubject } from "./subject.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** A CA and, where its key is at hand, the key. */
export interface Issuer {
  readonly certificate: Certificate;
  /** Absent where it must not be: the root's key stays offline. */
  readonly key?: KeyObject | undefined;
}

/** What one state's, REC's or the AU's certificates are made with. */
export interface Authority {
  readonly authority: string;
  readonly root: Issuer;
  readonly issuing: Issuer;
}

/** What an authority is made of. */
export interface AuthorityParts {
  /** `ng`, `ecowas`: two to ten small letters. */
  readonly authority: string;
  readonly now: EpochMs;
  readonly chance: Chance;
  /** P-384 unless said: it signs a handful of times in twenty years. */
  readonly rootKey?: KeyType;
  /** P-256 unless said: every leaf and list is verified with it, everywhere. */
  readonly issuingKey?: KeyType;
}

interface CaOrder {
  readonly profile: keyof typeof caProfiles;
  readonly subject: string;
  readonly spki: Bytes;
  readonly days: number;
  /** Who signs; itself for a root. */
  readonly by: { readonly subject: string | Bytes; readonly spki: Bytes; readonly key: KeyObject };
}

async function makeCa(
  order: CaOrder,
  { authority, now, chance }: AuthorityParts,
): Promise<Certificate> {
  const { pathLength, keyUsage } = caProfiles[order.profile];
  const der = await signCertificate(
    {
      serial: makeSerial(chance),
      subject: order.subject,
      issuer: order.by.subject,
      notBefore: wholeSeconds(now - authorityLimits.backdateMs),
      notAfter: wholeSeconds(now + order.days * authorityLimits.dayMs),
      spki: order.spki,
      extensions: [
        renderExtension.basicConstraints(pathLength),
        renderExtension.keyUsage(keyUsage),
        renderExtension.nameConstraints(trustDomainOf(authority)),
        renderExtension.subjectKeyId(keyIdOf(order.spki)),
        renderExtension.authorityKeyId(keyIdOf(order.by.spki)),
      ],
    },
    order.by.key,
  );
  const certificate = parseCertificate(der);
  checkCaProfile(certificate);
  return certificate;
}

/**
 * Makes the two CAs of an authority with new keys: a root, and beneath it the one that issues. Both may
 * only give names of the authority's own domain.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED, KEY_UNUSABLE
 */
export async function makeAuthority(parts: AuthorityParts): Promise<Authority> {
  const { authority, rootKey = "P-384", issuingKey = "P-256" } = parts;
  if (!/^[a-z]{2,10}$/.test(authority)) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "an authority is two to ten small letters");
  }
  const keys = { root: makeKeyPair(rootKey), issuing: makeKeyPair(issuingKey) };
  const spki = publicHalf(keys.root).spki;
  const subject = renderCaSubject(authority, "root");
  const root = await makeCa(
    {
      profile: "ROOT",
      subject,
      spki,
      days: authorityLimits.rootDays,
      by: { subject, spki, key: keys.root },
    },
    parts,
  );
  const issuing = await makeCa(
    {
      profile: "ISSUING",
      subject: renderCaSubject(authority, "issuing"),
      spki: publicHalf(keys.issuing).spki,
      days: authorityLimits.issuingDays,
      by: { subject: root.subjectName, spki, key: keys.root },
    },
    parts,
  );
  return {
    authority,
    root: { certificate: root, key: keys.root },
    issuing: { certificate: issuing, key: keys.issuing },
  };
}
