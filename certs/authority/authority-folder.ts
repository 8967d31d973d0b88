import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { Fault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import { type Certificate, checkCaProfile, findAgencyName, isSignedBy } from "../shape/index.ts";
import { findIssuingNames, loadCertificate, saveIssuerCertificate } from "./certificate-files.ts";
import type { Authority, Issuer } from "./issuer.ts";
import { loadIssuerKey, type PinOf, saveIssuerKey } from "./key-files.ts";

/**
 * Writes an authority to a folder: `root.crt`, `root.key`, `issuing.crt`, `issuing.key`. Move `root.key`
 * to where no network is; everything but `issueCrl` for the root does without it. Overwrites nothing.
 *
 * @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE
 */
export function saveAuthority(folder: string, { root, issuing }: Authority): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${folder}: the authority could not be written`);
  }
  for (const [name, { certificate, key, place }] of [
    ["root", root],
    ["issuing", issuing],
  ] as const) {
    if (key !== undefined) saveIssuerKey(folder, name, { key, place });
    saveIssuerCertificate(folder, name, certificate);
  }
}

function loadIssuer(folder: string, name: string, pinOf: PinOf | undefined): Issuer {
  const certificate = loadCertificate(join(folder, `${name}.crt`));
  checkCaProfile(certificate);
  const held = loadIssuerKey(folder, name, pinOf);
  if (held?.key !== undefined && !sameBytes(held.key.spki, certificate.spki)) {
    throw new Fault("KEY_UNUSABLE", `${folder}: the key of ${name} is not that of ${name}.crt`);
  }
  return { certificate, ...held };
}

function authorityOf(root: Certificate, folder: string): string {
  const [domain = ""] = root.nameConstraints?.permittedUris ?? [];
  const authority = findAgencyName(`spiffe://${domain}/any`)?.authority;
  if (authority !== undefined) return authority;
  throw new Fault("CERT_PATH_INVALID", `${folder}: root.crt is no authority's`);
}

/** Which keys of a folder are opened. */
interface Opening {
  readonly folder: string;
  readonly pinOf?: PinOf | undefined;
  readonly withRoot: boolean;
}

function open({ folder, pinOf, withRoot }: Opening): Authority {
  const root = withRoot
    ? loadIssuer(folder, "root", pinOf)
    : { certificate: loadCertificate(join(folder, "root.crt")) };
  checkCaProfile(root.certificate);
  const authority = authorityOf(root.certificate, folder);
  const [issuing, ...earlier] = findIssuingNames(folder).map((name) =>
    loadIssuer(folder, name, pinOf),
  );
  if (issuing === undefined)
    throw new Fault("CERT_MALFORMED", `${folder}: there is no issuing.crt`);
  for (const { certificate } of [issuing, ...earlier]) {
    if (isSignedBy(certificate, root.certificate)) continue;
    throw new Fault("CERT_PATH_INVALID", `${folder}: root.crt did not sign every issuing CA`);
  }
  return { authority, root, issuing, earlier };
}

/**
 * Reads an authority from its folder, the root's key too where it lies there. A key that is not there is left
 * out; one that does not fit its certificate is refused, and so is an issuing CA that the root did not make.
 * Of several issuing CAs the one with the highest number issues.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_PATH_INVALID, CERT_USAGE_NOT_PERMITTED, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function loadAuthority(folder: string, pinOf?: PinOf): Authority {
  return open({ folder, pinOf, withRoot: true });
}

/**
 * The same for who works online: the root's key is not looked at, wherever it lies.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_PATH_INVALID, CERT_USAGE_NOT_PERMITTED, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function loadOnlineAuthority(folder: string, pinOf?: PinOf): Authority {
  return open({ folder, pinOf, withRoot: false });
}
