import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";

import { makeKeyPair, readPrivateFile } from "../../certs/keys/index.ts";
import { Fault, toFault } from "../../schemas/ground/index.ts";
import { parseRecoveryRecipient, type RecoveryRecipient } from "../crypto/index.ts";

/**
 * Makes a recovery key: the private half in `file`, for its owner alone, the public half in `file` with `.pub.pem` at its end. The
 * private half belongs away from the gateway; without it no backup can be read.
 *
 * @throws {Fault} USAGE_INVALID when a file is there already
 */
export function makeRecoveryKey(file: string): RecoveryRecipient & { readonly publicFile: string } {
  const publicFile = `${file.replace(/\.pem$/, "")}.pub.pem`;
  for (const one of [file, publicFile]) {
    if (existsSync(one)) throw new Fault("USAGE_INVALID", `${one} is there already; no key is overwritten`);
  }
  const key = makeKeyPair("P-256");
  writeFileSync(file, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
  const publicPem = createPublicKey(key).export({ format: "pem", type: "spki" }).toString();
  writeFileSync(publicFile, publicPem, { mode: 0o644, flag: "wx" });
  return { ...parseRecoveryRecipient(publicPem), publicFile };
} // prettier-ignore

/**
 * Reads the private half of a recovery key. A file that others may read is refused.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadRecoveryKey(file: string): KeyObject {
  try {
    return createPrivateKey(Buffer.from(readPrivateFile(file, { what: "key", maxBytes: 4096 })));
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", `${file} is not a recovery key`);
  }
}
