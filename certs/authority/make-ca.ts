import {
  type Bytes,
  type Chance,
  type EpochMs,
  Fault,
  renderHex,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import {
  caProfiles,
  type Certificate,
  isSignedBy,
  parseCertificate,
  renderExtension,
  trustDomainOf,
} from "../shape/index.ts";
import type { HeldKey } from "../keys/index.ts";
import { type Issuer, keyOf } from "./issuer.ts";
import type { Journal } from "./journal.ts";
import { keyIdOf } from "./key-id.ts";
import { authorityLimits } from "./limits.ts";
import { lintCa } from "./lint.ts";
import { makeFreshSerial } from "./serial.ts";
import type { CertificateOrder } from "./orders.ts";
import { draftCertificate, signDraft } from "./sign.ts";
import { renderCaSubject } from "./subject.ts";
import { wholeSeconds } from "./whole-seconds.ts";

/** What every CA of an authority is made with. */
export interface CaTerms {
  /** `ng`, `ecowas`: two to ten small letters. */
  readonly authority: string;
  readonly now: EpochMs;
  readonly chance: Chance;
  /** Where the act is recorded; left out only where nothing is to last, as in tests. */
  readonly journal?: Journal | undefined;
}

interface CaPlan {
  readonly role: keyof typeof caProfiles;
  readonly subject: string;
  readonly spki: Bytes;
  /** Who signs; absent for a root, which signs itself. */
  readonly root?: Issuer | undefined;
  readonly key: HeldKey;
}

function makeOrder(plan: CaPlan, terms: CaTerms): CertificateOrder {
  const { role, subject, spki, root } = plan;
  const { pathLength, keyUsage } = caProfiles[role];
  const days = role === "ROOT" ? authorityLimits.rootDays : authorityLimits.issuingDays;
  const ca = root?.certificate;
  const from = wholeSeconds(terms.now - authorityLimits.backdateMs);
  const until = wholeSeconds(terms.now + days * authorityLimits.dayMs);
  return {
    serial: makeFreshSerial(terms.chance, terms.journal?.ledger),
    subject,
    issuer: ca?.subjectName ?? subject,
    notBefore: Math.max(from, ca?.notBefore ?? from),
    notAfter: Math.min(until, ca?.notAfter ?? until),
    spki,
    extensions: [
      renderExtension.basicConstraints(pathLength),
      renderExtension.keyUsage(keyUsage),
      renderExtension.nameConstraints(trustDomainOf(terms.authority)),
      renderExtension.subjectKeyId(keyIdOf(spki)),
      renderExtension.authorityKeyId(keyIdOf(ca?.spki ?? spki)),
    ],
  };
}

/**
 * Puts a CA on record: made here, or taken into this folder when the root signed it elsewhere. Doing so again
 * changes nothing.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function recordCa(
  made: Certificate,
  { journal, now }: { readonly journal: Journal; readonly now: EpochMs },
): void {
  const {
    serial,
    thumbprint,
    spki,
    notAfter: until,
    authorityKeyId = "",
    subjectKeyId: id = "",
  } = made;
  if (journal.ledger.certificate(serial) !== undefined) return;
  journal.append({
    event: "made",
    at: now,
    role: made.pathLength === caProfiles.ROOT.pathLength ? "ROOT" : "ISSUING",
    issuer: authorityKeyId,
    id,
    serial,
    thumbprint: renderHex(thumbprint),
    key: renderHex(sha256(spki)),
    until,
  });
}

async function makeCa(plan: CaPlan, terms: CaTerms): Promise<Certificate> {
  if (!/^[a-z]{2,10}$/.test(terms.authority)) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "an authority is two to ten small letters");
  }
  const order = makeOrder(plan, terms);
  const draft = await draftCertificate(order, plan.key.keyType);
  const issuer = plan.root?.certificate;
  lintCa({ draft, order, issuer }, { authority: terms.authority, role: plan.role });
  const made = parseCertificate(signDraft(draft, plan.key));
  if (!isSignedBy(made, issuer ?? made))
    throw new Fault("KEY_UNUSABLE", "the key signed what its public half does not verify");
  if (terms.journal !== undefined) recordCa(made, { journal: terms.journal, now: terms.now });
  return made;
}

/**
 * Makes the certificate of an authority's root, signed by itself. It may only give names of the authority's
 * own domain.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED, SERIAL_REPEATED, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function makeRoot(key: HeldKey, terms: CaTerms): Promise<Certificate> {
  const subject = renderCaSubject(terms.authority, "root");
  return await makeCa({ role: "ROOT", subject, spki: key.spki, key }, terms);
}

/** An issuing CA to be made. */
export interface IssuingOrder {
  readonly root: Issuer;
  /** SubjectPublicKeyInfo of the new CA, whose possession was proved. */
  readonly spki: Bytes;
  /** 1 for the first of an authority, and so on. */
  readonly number: number;
}

/**
 * Makes the certificate of an issuing CA beneath a root whose key is at hand. It never outlives the root, and
 * a key that stands in another certificate is refused.
 *
 * @throws {Fault} CSR_KEY_NOT_PERMITTED, CERT_NAME_NOT_PERMITTED, SERIAL_REPEATED, KEY_UNUSABLE,
 *   KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function makeIssuing(
  { root, spki, number }: IssuingOrder,
  terms: CaTerms,
): Promise<Certificate> {
  const used = terms.journal?.ledger.ofKey(renderHex(sha256(spki))) ?? [];
  if (used.length > 0 || sameBytes(spki, root.certificate.spki))
    throw new Fault("CSR_KEY_NOT_PERMITTED", "each CA has a key of its own");
  const subject = renderCaSubject(terms.authority, "issuing", number);
  return await makeCa({ role: "ISSUING", subject, spki, root, key: keyOf(root) }, terms);
}
