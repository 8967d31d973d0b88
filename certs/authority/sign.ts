// The library's classes are made by decorators that need this first.
import "reflect-metadata";
import { createPublicKey, type KeyObject, webcrypto } from "node:crypto";

import {
  Extension,
  Name,
  Pkcs10CertificateRequestGenerator,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";

import { type Bytes, type EpochMs, toFault } from "../../schemas/ground/index.ts";
import { publicHalf } from "../keys/index.ts";
import type { ExtensionValue, KeyType } from "../shape/index.ts";

/** A certificate to be made; every field is written as it stands, nothing is added or judged. */
export interface CertificateOrder {
  /** Hexadecimal; the first octet is below 0x80 and not zero. */
  readonly serial: string;
  /** Text like `CN=ng/tcu,O=ng.atumpan`, or a name's DER to repeat it byte by byte. */
  readonly subject: string | Bytes;
  readonly issuer: string | Bytes;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  readonly spki: Bytes;
  readonly extensions: readonly ExtensionValue[];
}

/** A full CRL to be made. */
export interface CrlOrder {
  readonly issuer: Bytes;
  readonly thisUpdate: EpochMs;
  readonly nextUpdate: EpochMs;
  readonly revoked: readonly {
    readonly serial: string;
    readonly at: EpochMs;
    readonly reason: number;
  }[];
  readonly extensions: readonly ExtensionValue[];
}

/** A certificate request to be made. */
interface RequestOrder {
  readonly subject: string;
  readonly extensions: readonly ExtensionValue[];
}

const algorithms: Readonly<Record<KeyType, { name: string; namedCurve?: string; hash?: string }>> =
  {
    "P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    "P-384": { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
    Ed25519: { name: "Ed25519" },
  };

/** The library signs with WebCrypto keys only; they are made here and go nowhere else. */
function toSigner(key: KeyObject): {
  signingKey: webcrypto.CryptoKey;
  algorithm: (typeof algorithms)[KeyType];
} {
  const { keyType } = publicHalf(key);
  const algorithm = algorithms[keyType];
  return { algorithm, signingKey: key.toCryptoKey(algorithm, true, ["sign"]) };
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
 * Makes and signs a certificate, DER.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export async function signCertificate(order: CertificateOrder, key: KeyObject): Promise<Bytes> {
  try {
    const { signingKey, algorithm } = toSigner(key);
    const made = await X509CertificateGenerator.create({
      serialNumber: order.serial,
      subject: toName(order.subject),
      issuer: toName(order.issuer),
      notBefore: toDate(order.notBefore),
      notAfter: toDate(order.notAfter),
      publicKey: Buffer.from(order.spki),
      signingKey,
      signingAlgorithm: algorithm,
      extensions: toExtensions(order.extensions),
    });
    return Buffer.from(made.rawData);
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", "the certificate could not be signed");
  }
}

/**
 * Makes and signs a CRL, DER.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export async function signCrl(order: CrlOrder, key: KeyObject): Promise<Bytes> {
  try {
    const { signingKey, algorithm } = toSigner(key);
    const made = await X509CrlGenerator.create({
      issuer: toName(order.issuer),
      thisUpdate: toDate(order.thisUpdate),
      nextUpdate: toDate(order.nextUpdate),
      entries: order.revoked.map(({ serial, at, reason }) => ({
        serialNumber: serial,
        revocationDate: toDate(at),
        reason,
      })),
      extensions: toExtensions(order.extensions),
      signingKey,
      signingAlgorithm: algorithm,
    });
    return Buffer.from(made.rawData);
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", "the CRL could not be signed");
  }
}

/**
 * Makes a certificate request (PKCS #10) signed by the key it is for, DER.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export async function signRequest(order: RequestOrder, key: KeyObject): Promise<Bytes> {
  try {
    const { signingKey, algorithm } = toSigner(key);
    const publicKey = createPublicKey(key).toCryptoKey(algorithm, true, ["verify"]);
    const made = await Pkcs10CertificateRequestGenerator.create({
      name: order.subject,
      extensions: toExtensions(order.extensions),
      signingAlgorithm: algorithm,
      keys: { privateKey: signingKey, publicKey },
    });
    return Buffer.from(made.rawData);
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", "the request could not be signed");
  }
}
