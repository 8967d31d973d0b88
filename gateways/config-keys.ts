import { type Bytes, Fault, sameBytes, sha256 } from "../schemas/ground/index.ts";
import {
  isTokenPlace,
  type KeySigner,
  loadKey,
  loadSealingKey,
  loadSigningKey,
  makeSigner,
  publicHalf,
} from "../certs/keys/index.ts";
import type { OwnLink, OwnSealing, OwnSigning } from "../certs/renewal/index.ts";
import type { Certificate } from "../certs/shape/index.ts";
import { loadCertificate, readText } from "./config-files.ts";

/** A key and the certificate beside it, as a configuration names them; a key may be in a token. */
export interface KeyFiles {
  readonly key: string;
  readonly certificate: string;
}

function checkFits(path: string, spki: Bytes, certificate: Certificate): void {
  if (sameBytes(spki, certificate.spki)) return;
  throw new Fault("CONFIG_INVALID", `${path} is not the key of the certificate beside it`);
}

/** What messages are signed with: a key that fits its certificate. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function loadSigner(
  agency: string,
  { key: keyFile, certificate: certificateFile }: KeyFiles,
  at: (path: string) => string,
): OwnSigning {
  const key = loadSigningKey(at(keyFile));
  const certificate = loadCertificate(at(certificateFile));
  checkFits(keyFile, key.spki, certificate);
  const signer = makeSigner({ signer: agency, key, thumbprint: certificate.thumbprint });
  return { kind: "SIGNING", signer, certificate, isRenewable: !isTokenPlace(keyFile) };
}

/** What messages to us are opened with. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function loadSealing(
  { key: keyFile, certificate: certificateFile }: KeyFiles,
  at: (path: string) => string,
): OwnSealing {
  const key = loadSealingKey(at(keyFile));
  const certificate = loadCertificate(at(certificateFile));
  checkFits(keyFile, key.spki, certificate);
  return { kind: "SEALING", key, certificate, isRenewable: true };
}

/** What the hub knows this gateway by. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function loadLink(
  { key: keyFile, certificate: certificateFile }: KeyFiles,
  at: (path: string) => string,
): OwnLink {
  const key = loadKey(at(keyFile));
  const certificate = loadCertificate(at(certificateFile));
  checkFits(keyFile, publicHalf(key).spki, certificate);
  const keyPem = key.export({ format: "pem", type: "pkcs8" }).toString();
  const certificatePem = readText(at(certificateFile));
  return { kind: "LINK", certificate, certificatePem, keyPem, isRenewable: true };
}

/** A key that no certificate can hold; the register names it by itself. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function loadExtraSigner(signer: string, place: string): KeySigner {
  const key = loadSigningKey(place);
  if (key.algorithm === "ML-DSA-65") {
    return makeSigner({ signer, key, thumbprint: sha256(key.spki) });
  }
  throw new Fault(
    "CONFIG_INVALID",
    `${place} holds a key of ${key.algorithm}; put it under moreSigning, with its certificate`,
  );
}
