import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

import { Fault, renderHex, sha256, toFault } from "../../schemas/ground/index.ts";
import type { StopOrder } from "./order.ts";

/** The public key of one who may stop the hub. */
export interface DutyKey {
  readonly key: KeyObject;
  /** SHA-256 of the key (SubjectPublicKeyInfo), lower-case hexadecimal. */
  readonly fingerprint: string;
}

const maxKeyBytes = 8192;

/**
 * Reads the public key of a duty officer: PEM, P-256 or Ed25519, as `atumpan register key make` writes it.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function loadDutyKey(file: string): DutyKey {
  try {
    const pem = statSync(file).size > maxKeyBytes ? "" : readFileSync(file, "utf8");
    // of a private key the public half would be taken too: it has no place on the hub's machine
    const key = createPublicKey(pem.includes("PRIVATE KEY") ? "" : pem);
    const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
    if (kind === "ed25519" || details?.namedCurve === "prime256v1") {
      const spki = key.export({ format: "der", type: "spki" });
      return { key, fingerprint: renderHex(sha256(spki)) };
    }
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} is not a public key of a duty officer`);
  }
  throw new Fault("CONFIG_INVALID", `${file}: duty officers sign with P-256 or Ed25519`);
}

/** How many of the duty officers must sign: one stops, two let go on; nobody where none is named. */
export function signersNeeded(act: StopOrder["act"], officers: number): number {
  return Math.min(act === "STOP" ? 1 : 2, officers);
}
