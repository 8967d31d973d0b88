import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Signed } from "./signed.ts";
import type { SubjectKey } from "./subject-key.ts";

/** Key usages, RFC 5280 §4.2.1.3. */
export type KeyUsage =
  | "digitalSignature"
  | "nonRepudiation"
  | "keyEncipherment"
  | "dataEncipherment"
  | "keyAgreement"
  | "keyCertSign"
  | "cRLSign"
  | "encipherOnly"
  | "decipherOnly";

/** Name constraints of a CA, RFC 5280 §4.2.1.10, as far as they can touch a name of ours. */
export interface NameConstraints {
  /** Hosts, or with a leading full stop whole domains, that a URI must lie in. */
  readonly permittedUris: readonly string[];
  /** Hosts or domains that a URI must not lie in. */
  readonly excludedUris: readonly string[];
  /** Forms excluded altogether or in part besides URIs; a leaf of ours bears none of them. */
  readonly excludedForms: readonly ("dns" | "ip" | "email" | "other")[];
  /** Whether some subtree is of directory names, which we do not process and so refuse. */
  readonly hasDirectoryNames: boolean;
}

/** A certificate read whole. Says nothing of whether it is to be trusted: see `proveLeaf`. */
export interface Certificate extends Signed, SubjectKey {
  readonly der: Bytes;
  /** SHA-256 of `der`. */
  readonly thumbprint: Bytes;
  /** Lower-case hexadecimal without padding octet. */
  readonly serial: string;
  /** For people only; paths are built from the encoded names. */
  readonly subject: string;
  readonly issuer: string;
  readonly subjectName: Bytes;
  readonly issuerName: Bytes;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
  readonly keyUsage: ReadonlySet<KeyUsage>;
  readonly extendedKeyUsage: readonly string[];
  /** Every URI among the subject's alternative names, in order. */
  readonly uris: readonly string[];
  /** How many alternative names are not URIs. */
  readonly otherNames: number;
  readonly nameConstraints?: NameConstraints | undefined;
  readonly authorityKeyId?: string | undefined;
  readonly subjectKeyId?: string | undefined;
  /** Identifiers of the extensions marked critical. */
  readonly critical: ReadonlySet<string>;
  /** Those of them whose meaning we do not act on. */
  readonly criticalUnknown: readonly string[];
}

/** A revoked certificate, as its issuer lists it. */
export interface Revocation {
  readonly at: EpochMs;
  /** Since when its key is known or feared to be in other hands, where that is earlier: RFC 5280 §5.3.2. */
  readonly invalidFrom?: EpochMs | undefined;
  /** CRLReason, RFC 5280 §5.3.1. */
  readonly reason?: number | undefined;
}

/** A certificate revocation list read whole. Not yet proved to be its issuer's. */
export interface Crl extends Signed {
  readonly der: Bytes;
  readonly issuerName: Bytes;
  readonly thisUpdate: EpochMs;
  readonly nextUpdate: EpochMs;
  /** Lower-case hexadecimal. */
  readonly crlNumber: string;
  readonly authorityKeyId: string;
  /** By serial, spelt as in `Certificate`. */
  readonly revoked: ReadonlyMap<string, Revocation>;
  readonly criticalUnknown: readonly string[];
}
