import type { Bytes, EpochMs } from "../../../schemas/ground/index.ts";
import type { GeneralCertificate, GeneralCrl } from "../../shape/index.ts";

/** What policies are asked for, RFC 5280 §6.1.1 (c) to (g); left out: any, and nothing is required. */
export interface PolicyQuestion {
  /** Identifiers of the policies that are acceptable; undefined: any. */
  readonly acceptable?: readonly string[] | undefined;
  readonly requireExplicit?: boolean | undefined;
  readonly inhibitMapping?: boolean | undefined;
  readonly inhibitAny?: boolean | undefined;
}

/** A host by its name, or by the 4 or 16 octets of its address. */
export type PeerHost = { readonly dns: string } | { readonly ip: Bytes };

/** What is asked of the wider profile: does `leaf` lead to one of `anchors` at `at`, by RFC 5280 §6? */
export interface GeneralQuestion {
  readonly leaf: GeneralCertificate;
  readonly intermediates: readonly GeneralCertificate[];
  readonly anchors: readonly GeneralCertificate[];
  /** Undefined: revocation is not asked about. Else every certificate must be known not to be revoked. */
  readonly crls: readonly GeneralCrl[] | undefined;
  readonly at: EpochMs;
  /** An extended key usage that the leaf must name and every CA must allow. */
  readonly purpose?: string | undefined;
  readonly policy?: PolicyQuestion | undefined;
  /** A host that the leaf must name among its alternative names, whole: wildcards are not matched. */
  readonly host?: PeerHost | undefined;
  /** CAs between leaf and anchor, self-issued ones not counted. */
  readonly maxIntermediates?: number | undefined;
}

/** A path that is judged: leaf first, anchor last. */
export type GeneralPath = readonly GeneralCertificate[];
