import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { replaceFile } from "../../../schemas/disk/index.ts";
import { type Bytes, Fault, toFault, utf8 } from "../../../schemas/ground/index.ts";
import { type Crl, parseCrl, parsePem, type PemLabel, renderPem } from "../../shape/index.ts";

/** A file that is carried between the machines is small; more is something else. */
const maxFileBytes = 2 * 1024 * 1024;

/**
 * Makes a folder that its owner alone may enter.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${folder}: the folder could not be made`);
  }
}

/**
 * Writes a document as PEM to a new file.
 *
 * @throws {Fault} STORE_WRITE_FAILED when it is there already
 */
export function saveNew(file: string, label: PemLabel, der: Bytes): void {
  makeFolder(dirname(file));
  try {
    writeFileSync(file, renderPem(label, der), { flag: "wx", flush: true });
  } catch (cause) {
    throw new Fault("STORE_WRITE_FAILED", `${file} could not be written to a new file`, { cause });
  }
}

/**
 * Puts a list in the place of the one before; whoever reads meanwhile has the one or the other, whole.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function saveList(file: string, crl: Crl): void {
  try {
    replaceFile(file, utf8(renderPem("X509 CRL", crl.der)), { sync: "bytes" });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
  }
}

/**
 * Reads one document from a PEM file.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function loadDocument(file: string, label: PemLabel): Bytes {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > maxFileBytes) throw new Fault("CERT_MALFORMED", `${file}: too large`);
    const [der, ...more] = parsePem(label, bytes.toString("latin1"));
    if (der !== undefined && more.length === 0) return der;
    throw new Fault("CERT_MALFORMED", `${file}: expected one PEM block`);
  } catch (error) {
    throw toFault(error, "CERT_MALFORMED", `${file}: cannot be read`);
  }
}

/** Reads one list from a PEM file. @throws {Fault} CERT_MALFORMED */
export function loadList(file: string): Crl {
  return parseCrl(loadDocument(file, "X509 CRL"));
}
