// The library's classes are made by decorators that need this first.
import "reflect-metadata";
import { type KeyObject, webcrypto } from "node:crypto";

import { Extension, Name, X509CertificateGenerator, X509CrlGenerator } from "@peculiar/x509";

import { type Bytes, type EpochMs, Fault, toFault } from "../../schemas/ground/index.ts";
import type { CertificateOrder, CrlOrder } from "./orders.ts";
import { type HeldKey, makeKeyPair, publicHalf, signDocument } from "../keys/index.ts";
import {
  type ExtensionValue,
  type KeyType,
  parseDer,
  type PublicKey,
  splitSigned,
  type SubjectKeyType,
} from "../shape/index.ts";

/**
 * A document as it is to be given out, but signed by a key that was made for it and is gone: what it says can
 * be read and judged before the real key is asked.
 */
export interface Draft {
  readonly der: Bytes;
  /** The key that signed it here. */
  readonly by: PublicKey;
}

const algorithms: Readonly<Record<KeyType, { name: string; namedCurve?: string; hash?: string }>> =
  {
    "P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    "P-384": { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
    Ed25519: { name: "Ed25519" },
  };

/** The library signs with WebCrypto keys only; the throw-away ones are made here and go nowhere else. */
function makeThrowAway(keyType: SubjectKeyType): {
  readonly by: PublicKey;
  readonly signing: {
    signingKey: webcrypto.CryptoKey;
    signingAlgorithm: (typeof algorithms)[KeyType];
  };
} {
  if (keyType === "X25519") throw new Fault("KEY_UNUSABLE", "a key of X25519 signs nothing");
  const key: KeyObject = makeKeyPair(keyType);
  const algorithm = algorithms[keyType];
  const signingKey = key.toCryptoKey(algorithm, false, ["sign"]);
  return { by: publicHalf(key), signing: { signingKey, signingAlgorithm: algorithm } };
}

function toDate(moment: EpochMs): Date {
  // oxlint-disable-next-line no-restricted-globals -- the library's form of a time that was given
  return new Date(moment);
}

function toExtensions(values: readonly ExtensionValue[]): Extension[] {
  return values.map(({ oid, critical, value }) => new Extension(oid, critical, Buffer.from(value)));
}

function toName(name: string | Bytes): Name {
  return new Name(typeof name === "string" ? name : Buffer.from(name));
}

/**
 * Drafts a certificate for a signer with a key of `keyType`.
 *
 * @throws {Fault} KEY_UNUSABLE when no key of it signs, INTERNAL when the order cannot be written
 */
export async function draftCertificate(
  order: CertificateOrder,
  keyType: SubjectKeyType,
): Promise<Draft> {
  try {
    const { by, signing } = makeThrowAway(keyType);
    const made = await X509CertificateGenerator.create({
      serialNumber: order.serial,
      subject: toName(order.subject),
      issuer: toName(order.issuer),
      notBefore: toDate(order.notBefore),
      notAfter: toDate(order.notAfter),
      publicKey: Buffer.from(order.spki),
      extensions: toExtensions(order.extensions),
      ...signing,
    });
    return { der: Buffer.from(made.rawData), by };
  } catch (error) {
    throw toFault(error, "INTERNAL", "the certificate could not be written");
  }
}

/**
 * Drafts a CRL for an issuer with a key of `keyType`.
 *
 * @throws {Fault} KEY_UNUSABLE when no key of it signs, INTERNAL when the order cannot be written
 */
export async function draftCrl(order: CrlOrder, keyType: SubjectKeyType): Promise<Draft> {
  try {
    const { by, signing } = makeThrowAway(keyType);
    const made = await X509CrlGenerator.create({
      issuer: toName(order.issuer),
      thisUpdate: toDate(order.thisUpdate),
      nextUpdate: toDate(order.nextUpdate),
      entries: order.revoked.map(({ serial, at, reason, since }) => ({
        serialNumber: serial,
        revocationDate: toDate(at),
        reason,
        ...(since === undefined ? {} : { invalidity: toDate(since) }),
      })),
      extensions: toExtensions(order.extensions),
      ...signing,
    });
    return { der: Buffer.from(made.rawData), by };
  } catch (error) {
    throw toFault(error, "INTERNAL", "the list could not be written");
  }
}

/**
 * What a draft comes to: signed with the real key, or, where it is only tried, the draft itself, for nothing may bear a
 * CA's signature that is in no journal.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function concludeDraft(draft: Draft, { key, isTried }: { key: HeldKey; isTried: boolean }): Bytes {
  return isTried ? draft.der : signDraft(draft, key);
} // prettier-ignore

/**
 * Signs what a draft says, octet for octet, with the real key: what was judged is what is signed.
 *
 * @returns the document, DER
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function signDraft({ der, by }: Draft, key: HeldKey): Bytes {
  if (by.keyType !== key.keyType)
    throw new Fault("INTERNAL", "the draft was made for a key of another kind");
  try {
    return signDocument(splitSigned(parseDer(der)).tbs, key);
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", "the key did not sign");
  }
}
