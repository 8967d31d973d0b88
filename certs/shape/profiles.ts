import { Fault } from "../../schemas/ground/index.ts";
import type { Certificate, KeyUsage } from "./certificate.ts";
import { oids } from "./oids.ts";
import type { SubjectKeyType } from "./subject-key.ts";

/** Kinds of leaf certificate; codes of LEAF_KIND. */
export type LeafKind = "LINK" | "SERVER" | "SIGNING" | "SEALING";

/** What a leaf of one kind bears, no more and no less. Issuing and checking both read it. */
interface LeafProfile {
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly string[];
  readonly keyTypes: readonly SubjectKeyType[];
}

/** The one table of leaf kinds. */
export const leafProfiles: Readonly<Record<LeafKind, LeafProfile>> = {
  /** A gateway's TLS client certificate. */
  LINK: {
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [oids.clientAuth],
    keyTypes: ["P-256", "Ed25519"],
  },
  /** A hub's TLS server certificate. */
  SERVER: {
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [oids.serverAuth],
    keyTypes: ["P-256", "Ed25519"],
  },
  /** Messages, slips and receipts. */
  SIGNING: {
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [oids.documentSigning],
    keyTypes: ["P-256", "Ed25519"],
  },
  /** Bodies are sealed to it; a request can prove possession of P-256 alone, so that is what an office issues. */
  SEALING: { keyUsage: ["keyAgreement"], extendedKeyUsage: [], keyTypes: ["P-256", "X25519"] },
};

/** CAs of an authority: how many CAs may stand beneath each. */
export const caProfiles = {
  ROOT: { pathLength: 1, keyUsage: ["keyCertSign", "cRLSign"] },
  ISSUING: { pathLength: 0, keyUsage: ["keyCertSign", "cRLSign"] },
} as const satisfies Record<string, { pathLength: number; keyUsage: readonly KeyUsage[] }>;

function isSame(found: Iterable<string>, wanted: readonly string[]): boolean {
  return [...found].toSorted().join() === wanted.toSorted().join();
}

/**
 * Refuses a leaf whose key, key usage or purposes are not exactly those of `kind`.
 *
 * @throws {Fault} CERT_USAGE_NOT_PERMITTED
 */
export function checkLeafProfile(leaf: Certificate, kind: LeafKind): void {
  const profile = leafProfiles[kind];
  const fits =
    !leaf.isCa &&
    leaf.nameConstraints === undefined &&
    leaf.critical.has(oids.keyUsage) &&
    isSame(leaf.keyUsage, profile.keyUsage) &&
    isSame(leaf.extendedKeyUsage, profile.extendedKeyUsage) &&
    profile.keyTypes.includes(leaf.keyType);
  if (!fits) throw new Fault("CERT_USAGE_NOT_PERMITTED", `not a certificate of kind ${kind}`);
}

/**
 * Refuses a CA that is not marked critically as one, or is for other uses than certificates and CRLs.
 *
 * @throws {Fault} CERT_PATH_INVALID when it is no CA, CERT_USAGE_NOT_PERMITTED when its usage is another
 */
export function checkCaProfile(ca: Certificate): void {
  if (!ca.isCa || !ca.critical.has(oids.basicConstraints)) {
    throw new Fault("CERT_PATH_INVALID", "an issuer in the path is not a CA");
  }
  const usage = ca.critical.has(oids.keyUsage) && isSame(ca.keyUsage, caProfiles.ROOT.keyUsage);
  if (!usage || ca.extendedKeyUsage.length > 0) {
    throw new Fault(
      "CERT_USAGE_NOT_PERMITTED",
      "a CA is for certificates and CRLs, and nothing else",
    );
  }
}
