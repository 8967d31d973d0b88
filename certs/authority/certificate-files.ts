import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, toFault } from "../../schemas/ground/index.ts";
import { type Certificate, parseCertificate, parsePem, renderPem } from "../shape/index.ts";

/** The name an issuing CA's files bear: `issuing`, `issuing-2`, and so on. */
export function issuingName(number: number): string {
  return number === 1 ? "issuing" : `issuing-${number}`;
}

/**
 * Writes a CA's certificate to a folder, `name.crt`. Overwrites nothing.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function saveIssuerCertificate(folder: string, name: string, made: Certificate): void {
  try {
    const pem = renderPem("CERTIFICATE", made.der);
    writeFileSync(join(folder, `${name}.crt`), pem, { flag: "wx", flush: true });
  } catch (cause) {
    throw new Fault("STORE_WRITE_FAILED", `${name}.crt could not be written to a new file`, {
      cause,
    });
  }
}

/**
 * Reads one certificate from a PEM file.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function loadCertificate(file: string): Certificate {
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

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw toFault(error, "CERT_MALFORMED", `${folder}: cannot be read`);
  }
}

/**
 * Names of the issuing CAs of a folder by number, newest first. One whose certificate is not there yet is none.
 *
 * @throws {Fault} CERT_MALFORMED when there is no such folder
 */
export function findIssuingNames(folder: string): readonly string[] {
  const numbers = listFolder(folder).flatMap((name) => {
    const [found, number] = /^issuing(?:-([1-9][0-9]{0,3}))?\.crt$/.exec(name) ?? [];
    return found === undefined ? [] : [Number(number ?? 1)];
  });
  return numbers.toSorted((a, b) => b - a).map(issuingName);
}
