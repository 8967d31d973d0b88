import type { KeyObject } from "node:crypto";

import { type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import {
  type KeySigner,
  makeSealingKey,
  makeSigner,
  makeSigningKey,
  publicHalf,
  type SealingKey,
} from "../keys/index.ts";
import type { Certificate, LeafKind } from "../shape/index.ts";
import type { RegisterView } from "../trust/index.ts";

interface OwnCertificate {
  readonly certificate: Certificate;
  /** Whether the next key can be made here: not when this one is in a device. */
  readonly isRenewable: boolean;
}

/** What its statements are signed with. */
export interface OwnSigning extends OwnCertificate {
  readonly kind: "SIGNING";
  readonly signer: KeySigner;
}

/** What others seal to. */
export interface OwnSealing extends OwnCertificate {
  readonly kind: "SEALING";
  readonly key: SealingKey;
}

/** What it shows the hub. */
export interface OwnLink extends OwnCertificate {
  readonly kind: "LINK";
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** What a hub's server shows. The key is the server's to read; here it is only known which it is. */
export interface OwnServer extends OwnCertificate {
  readonly kind: "SERVER";
}

/** One key with the certificate that vouches for it. */
export type OwnPair = OwnSigning | OwnSealing | OwnLink | OwnServer;

/** What a pair is made of. */
export interface PairParts {
  readonly agency: string;
  readonly kind: LeafKind;
  readonly key: KeyObject;
  readonly certificate: Certificate;
  /** The certificate and its issuing CA. */
  readonly pem: string;
}

/**
 * Builds a pair of a key in this process and its certificate.
 *
 * @throws {Fault} KEY_UNUSABLE when one is not the other's
 */
export function makeOwnPair({ agency, kind, key, certificate, pem }: PairParts): OwnPair {
  if (!sameBytes(publicHalf(key).spki, certificate.spki)) {
    throw new Fault("KEY_UNUSABLE", `a ${kind} key is not that of the certificate beside it`);
  }
  const own = { certificate, isRenewable: true };
  if (kind === "SERVER") return { ...own, kind };
  if (kind === "SEALING") return { ...own, kind, key: makeSealingKey(key) };
  if (kind === "LINK") {
    const keyPem = key.export({ format: "pem", type: "pkcs8" }).toString();
    return { ...own, kind, certificatePem: pem, keyPem };
  }
  const { thumbprint } = certificate;
  const signer = makeSigner({ signer: agency, key: makeSigningKey(key), thumbprint });
  return { ...own, kind, signer };
}

/** Whether the register names the pair's certificate for the agency and its kind. */
export function isNamed(
  register: RegisterView,
  agency: string,
  { kind, certificate }: Pick<OwnPair, "kind" | "certificate">,
): boolean {
  return (register.agency(agency)?.certificates ?? []).some(
    (one) => one.kind === kind && sameBytes(one.thumbprint, certificate.thumbprint),
  );
}

/** When the next certificate is asked for: with a third of this one's life left. */
export function renewsAt({ certificate: { notBefore, notAfter } }: OwnPair): EpochMs {
  return notAfter - (notAfter - notBefore) / 3;
}
