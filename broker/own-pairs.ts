import { readFileSync } from "node:fs";

import { Fault, sameBytes, sha256, toFault } from "../schemas/ground/index.ts";
import {
  isTokenPlace,
  type KeySigner,
  loadKey,
  loadSigningKey,
  makeSigner,
  publicHalf,
} from "../certs/keys/index.ts";
import type { OwnLink, OwnServer, OwnSigning } from "../certs/renewal/index.ts";
import { type Certificate, parseCertificate, parsePem } from "../certs/shape/index.ts";

/** Files of a certificate with its issuing CA, and of its key. */
interface PairFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

function loadCertificate(file: string): Certificate {
  try {
    const [der] = parsePem("CERTIFICATE", readFileSync(file, "utf8"));
    if (der !== undefined) return parseCertificate(der);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} is not a certificate we read`);
  }
  throw new Fault("CONFIG_INVALID", `${file} holds no certificate`);
}

function checkFits(file: string, spki: Uint8Array, certificate: Certificate): void {
  if (sameBytes(spki, certificate.spki)) return;
  throw new Fault("CONFIG_INVALID", `${file} is not the key of the certificate beside it`);
}

/** Reads a key that signs, of its file or token, and its certificate. @throws {Fault} CONFIG_INVALID, KEY_* */
export function loadSigningPair(hub: string, { certificateFile, keyFile }: PairFiles): OwnSigning {
  const key = loadSigningKey(keyFile);
  const certificate = loadCertificate(certificateFile);
  checkFits(keyFile, key.spki, certificate);
  const signer = makeSigner({ signer: hub, key, thumbprint: certificate.thumbprint });
  return { kind: "SIGNING", signer, certificate, isRenewable: !isTokenPlace(keyFile) };
}

/** Reads what the hub shows at its own connections. @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE */
export function loadLinkPair({ certificateFile, keyFile }: PairFiles): OwnLink {
  const key = loadKey(keyFile);
  const certificate = loadCertificate(certificateFile);
  checkFits(keyFile, publicHalf(key).spki, certificate);
  const keyPem = key.export({ format: "pem", type: "pkcs8" }).toString();
  const certificatePem = readFileSync(certificateFile, "utf8");
  return { kind: "LINK", certificate, certificatePem, keyPem, isRenewable: true };
}

/** Reads the certificate that the server shows; its key is the server's to read. @throws {Fault} CONFIG_INVALID */
export function loadServerPair({ certificateFile }: PairFiles): OwnServer {
  return { kind: "SERVER", certificate: loadCertificate(certificateFile), isRenewable: true };
}

/** A key that no certificate can hold; the register names it by itself. @throws {Fault} CONFIG_INVALID, KEY_* */
export function loadExtraSigner(hub: string, keyFile: string): KeySigner {
  const key = loadSigningKey(keyFile);
  if (key.algorithm === "ML-DSA-65") {
    return makeSigner({ signer: hub, key, thumbprint: sha256(key.spki) });
  }
  throw new Fault("CONFIG_INVALID", `extraKeys: ${key.algorithm} needs a certificate`);
}
