import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { loadKey, publicHalf, saveKey } from "../keys/index.ts";
import {
  type Certificate,
  checkCaProfile,
  findAgencyName,
  isSignedBy,
  parseCertificate,
  parsePem,
  renderPem,
} from "../shape/index.ts";
import type { Authority, Issuer } from "./authority.ts";

function saveIssuer(folder: string, name: string, { certificate, key }: Issuer): void {
  if (key !== undefined) saveKey(join(folder, `${name}.key`), key);
  const pem = renderPem("CERTIFICATE", certificate.der);
  writeFileSync(join(folder, `${name}.crt`), pem, { flag: "wx", flush: true });
}

/**
 * Writes an authority to a folder: `root.crt`, `root.key`, `issuing.crt`, `issuing.key`. Move `root.key`
 * to where no network is; everything but `issueCrl` for the root does without it. Overwrites nothing.
 *
 * @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE
 */
export function saveAuthority(folder: string, { root, issuing }: Authority): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    saveIssuer(folder, "root", root);
    saveIssuer(folder, "issuing", issuing);
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${folder}: the authority could not be written`);
  }
}

function loadCertificate(file: string): Certificate {
  try {
    const [der, ...more] = parsePem("CERTIFICATE", readFileSync(file, "utf8"));
    if (der === undefined || more.length > 0) {
      throw new Fault("CERT_MALFORMED", `${file}: expected one certificate`);
    }
    return parseCertificate(der);
  } catch (error) {
    throw toFault(error, "CERT_MALFORMED", `${file}: cannot be read`);
  }
}

function loadIssuer(folder: string, name: string): Issuer {
  const certificate = loadCertificate(join(folder, `${name}.crt`));
  checkCaProfile(certificate);
  const file = join(folder, `${name}.key`);
  if (!existsSync(file)) return { certificate };
  const key = loadKey(file);
  if (!sameBytes(publicHalf(key).spki, certificate.spki)) {
    throw new Fault("KEY_UNUSABLE", `${file}: not the key of ${name}.crt`);
  }
  return { certificate, key };
}

/**
 * Reads an authority from its folder. A key that is not there is left out; one that does not fit its
 * certificate is refused, and so is an issuing CA that the root did not make.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_PATH_INVALID, CERT_USAGE_NOT_PERMITTED, KEY_UNUSABLE
 */
export function loadAuthority(folder: string): Authority {
  const root = loadIssuer(folder, "root");
  const issuing = loadIssuer(folder, "issuing");
  const [domain = ""] = root.certificate.nameConstraints?.permittedUris ?? [];
  const authority = findAgencyName(`spiffe://${domain}/any`)?.authority;
  if (authority === undefined || !isSignedBy(issuing.certificate, root.certificate)) {
    throw new Fault(
      "CERT_PATH_INVALID",
      `${folder}: root.crt and issuing.crt are not an authority`,
    );
  }
  return { authority, root, issuing };
}
