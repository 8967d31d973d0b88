import { createPublicKey, type KeyObject } from "node:crypto";

import { keyIdOf, leafExtensions, makeSerial } from "../../certs/authority/index.ts";
import { draftCertificate, draftCrl, signDraft } from "../../certs/authority/sign.ts";
import { makeHeldKey, makeKeyPair } from "../../certs/keys/index.ts";
import {
  caProfiles,
  type Certificate,
  type Crl,
  type ExtensionValue,
  type KeyType,
  type LeafKind,
  parseCertificate,
  parseCrl,
  renderExtension,
  type SubjectKeyType,
} from "../../certs/shape/index.ts";
import type { PathQuestion } from "../../certs/trust/index.ts";
import { makeSeededChance } from "../../schemas/ground/index.ts";

/** The moment every made certificate and list is good at: 2026-06-01T00:00:00Z. */
export const pkiNow = 1_780_272_000_000;
export const day = 86_400_000;

/** How one certificate is to differ from a good one. */
export interface CertificateChange {
  readonly keyType?: SubjectKeyType;
  readonly subject?: string;
  readonly issuer?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Signs in place of the true issuer. */
  readonly signer?: KeyObject;
  readonly extensions?: (usual: readonly ExtensionValue[]) => readonly ExtensionValue[];
}

/** How one list is to differ from a good one. */
export interface CrlChange {
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly signer?: KeyObject;
  /** Whether it lists the certificate that it is asked about. */
  readonly lists?: boolean;
  /** Since when the list says its key is feared to be in other hands. */
  readonly since?: number;
  readonly extensions?: (usual: readonly ExtensionValue[]) => readonly ExtensionValue[];
}

/** How a made PKI is to differ from a good one. */
export interface PkiChange {
  readonly kind?: LeafKind;
  readonly agency?: string;
  readonly root?: CertificateChange;
  readonly issuing?: CertificateChange;
  readonly leaf?: CertificateChange;
  readonly rootCrl?: CrlChange;
  readonly issuingCrl?: CrlChange;
}

/** A certificate and its key. */
export interface Made {
  readonly certificate: Certificate;
  readonly key: KeyObject;
}

const chance = makeSeededChance("pki");

interface Plan {
  readonly subject: string;
  readonly keyType: KeyType;
  readonly by: Made | undefined;
  readonly extensions: readonly ExtensionValue[];
}

async function makeCertificate(plan: Plan, change: CertificateChange): Promise<Made> {
  const key = makeKeyPair(change.keyType ?? plan.keyType);
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const { by } = plan;
  const usual = [
    ...plan.extensions,
    renderExtension.subjectKeyId(keyIdOf(spki)),
    renderExtension.authorityKeyId(keyIdOf(by?.certificate.spki ?? spki)),
  ];
  const good = {
    subject: plan.subject,
    issuer: by?.certificate.subjectName ?? plan.subject,
    notBefore: pkiNow - 10 * day,
    notAfter: pkiNow + 10 * day,
    signer: by?.key ?? key,
    extensions: () => usual,
  };
  const { signer, extensions, ...fields } = { ...good, ...change };
  const order = { ...fields, serial: makeSerial(chance), spki, extensions: extensions(usual) };
  const held = makeHeldKey(signer);
  const der = signDraft(await draftCertificate(order, held.keyType), held);
  return { certificate: parseCertificate(der), key };
}

/** Makes the list of an issuer; `about` stands on it when the change says so. */
export async function makeCrl(issuer: Made, about: Certificate, change: CrlChange): Promise<Crl> {
  const usual = [
    renderExtension.authorityKeyId(keyIdOf(issuer.certificate.spki)),
    renderExtension.crlNumber(1),
  ];
  const good = {
    thisUpdate: pkiNow - day,
    nextUpdate: pkiNow + day,
    signer: issuer.key,
    lists: false,
    since: undefined,
    extensions: () => usual,
  };
  const { signer, extensions, lists, since, ...times } = { ...good, ...change };
  const entry = { serial: about.serial, at: pkiNow - 2 * day, reason: 1, since };
  const revoked = lists ? [entry] : [];
  const { subjectName } = issuer.certificate;
  const order = { ...times, issuer: subjectName, revoked, extensions: extensions(usual) };
  const held = makeHeldKey(signer);
  const der = signDraft(await draftCrl(order, held.keyType), held);
  return parseCrl(der);
}

function caExtensions(
  profile: keyof typeof caProfiles,
  authority: string,
): readonly ExtensionValue[] {
  return [
    renderExtension.basicConstraints(caProfiles[profile].pathLength),
    renderExtension.keyUsage(caProfiles[profile].keyUsage),
    renderExtension.nameConstraints(`${authority}.atumpan`),
  ];
}

/** Makes one more CA of `ng` beneath `by`. */
export async function makeCa(
  by: Made,
  subject: string,
  change: CertificateChange = {},
): Promise<Made> {
  const extensions = caExtensions("ISSUING", "ng");
  return await makeCertificate({ subject, keyType: "P-256", by, extensions }, change);
}

/** Makes a leaf of `ng/tcu` for signing beneath `by`. */
export async function makeLeaf(by: Made, change: CertificateChange = {}): Promise<Made> {
  const extensions = leafExtensions("SIGNING", "ng/tcu");
  return await makeCertificate({ subject: "CN=ng/tcu", keyType: "P-256", by, extensions }, change);
}

/** A made PKI and the question whether its leaf is good; unchanged, it is. */
export interface Pki {
  readonly root: Made;
  readonly issuing: Made;
  readonly leaf: Made;
  readonly question: PathQuestion;
}

/** Makes a root, an issuing CA, a leaf and both lists of `ng`, good but for what `change` says. */
export async function makePki(change: PkiChange = {}): Promise<Pki> {
  const { kind = "SIGNING", agency = "ng/tcu" } = change;
  const keyType = "P-256";
  const root = await makeCertificate(
    { subject: "CN=ng root", keyType, by: undefined, extensions: caExtensions("ROOT", "ng") },
    change.root ?? {},
  );
  const issuing = await makeCertificate(
    { subject: "CN=ng issuing", keyType, by: root, extensions: caExtensions("ISSUING", "ng") },
    change.issuing ?? {},
  );
  const leaf = await makeCertificate(
    { subject: `CN=${agency}`, keyType, by: issuing, extensions: leafExtensions(kind, agency) },
    change.leaf ?? {},
  );
  const crls = [
    await makeCrl(root, issuing.certificate, change.rootCrl ?? {}),
    await makeCrl(issuing, leaf.certificate, change.issuingCrl ?? {}),
  ];
  const question = {
    leaf: leaf.certificate,
    intermediates: [issuing.certificate],
    roots: [root.certificate],
    crls,
    kind,
    agency,
    at: pkiNow,
  };
  return { root, issuing, leaf, question };
}

/** A key that is nobody's here. */
export function makeStrangerKey(): KeyObject {
  return makeKeyPair("P-256");
}

/** Puts `value` in the place of the extension with its identifier, or adds it. */
export function replacing(value: ExtensionValue) {
  return (usual: readonly ExtensionValue[]): readonly ExtensionValue[] => [
    ...usual.filter(({ oid }) => oid !== value.oid),
    value,
  ];
}

/** Leaves the extension out. */
export function without(left: string) {
  return (usual: readonly ExtensionValue[]): readonly ExtensionValue[] =>
    usual.filter(({ oid }) => oid !== left);
}
