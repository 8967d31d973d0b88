import { readFileSync } from "node:fs";

import { type Bytes, Fault, isFault, toFault } from "../schemas/ground/index.ts";
import { type Certificate, parseCertificate, parsePem } from "../certs/shape/index.ts";
import { checkTrustedRoot } from "../certs/trust/index.ts";

/** The bytes of a file that a configuration names. @throws {Fault} CONFIG_INVALID */
export function readBytes(path: string): Bytes {
  try {
    return readFileSync(path);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
}

/** Its text. @throws {Fault} CONFIG_INVALID */
export function readText(path: string): string {
  return Buffer.from(readBytes(path)).toString("utf8");
}

/** The root that every register is proved by. @throws {Fault} CONFIG_INVALID */
export function loadRoot(path: string): Bytes {
  const root = readBytes(path);
  try {
    checkTrustedRoot(root);
    return root;
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", `${path} is not a root of a register`, { cause });
  }
}

/** The first certificate of a PEM file. @throws {Fault} CONFIG_INVALID */
export function loadCertificate(path: string): Certificate {
  try {
    const [der] = parsePem("CERTIFICATE", readText(path));
    if (der !== undefined) return parseCertificate(der);
  } catch (error) {
    if (isFault(error, "CONFIG_INVALID")) throw error;
    throw new Fault("CONFIG_INVALID", `${path} is not a certificate we read`, { cause: error });
  }
  throw new Fault("CONFIG_INVALID", `${path} holds no certificate`);
}
