import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { saveKey } from "../../certs/keys/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import type { Credential } from "./office.ts";

/**
 * Writes credentials into a folder, each as `<kind>.key` (PKCS #8, for its owner alone) and `<kind>.pem`
 * (the leaf, then the CA that issued it). Overwrites no key.
 */
export function saveCredentials(folder: string, credentials: readonly Credential[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { kind, key, certificate, issuing } of credentials) {
    const name = kind.toLowerCase();
    saveKey(join(folder, `${name}.key`), key);
    const chain = renderPem("CERTIFICATE", certificate.der, issuing.der);
    writeFileSync(join(folder, `${name}.pem`), chain, { flush: true });
  }
}
