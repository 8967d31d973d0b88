import { createHmac, scryptSync, timingSafeEqual } from "node:crypto";

import { type Bytes, sha256, utf8 } from "../../schemas/ground/index.ts";

/** What a code and a folder make together; neither is known to who has one of them alone. */
export interface KitKeys {
  /** Proves the folder to who has the code. */
  readonly sealing: Bytes;
  /** Proves the request to the office, and the office's answer to the newcomer. */
  readonly answering: Bytes;
}

/** 32 MiB and a tenth of a second for each guess (RFC 7914 §2): a code of 75 bits is not found by trying. */
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const keyBytes = 32;

/**
 * Derives the keys of a kit. They are bound to every byte of its manifest, which holds the digest of every file: with any other
 * folder the same code makes other keys.
 *
 * @param code in its one spelling, as `parseCode` gives it
 */
export function deriveKeys(code: string, manifest: Bytes): KitKeys {
  const salt = Buffer.concat([utf8("atumpan-join-kit\0"), sha256(manifest)]);
  const both = scryptSync(code, salt, 2 * keyBytes, cost);
  return { sealing: both.subarray(0, keyBytes), answering: both.subarray(keyBytes) };
}

/** HMAC-SHA-256 (RFC 2104) over what is sealed, for a purpose of its own. */
export function makeMac(key: Bytes, purpose: "kit" | "request" | "answer", bytes: Bytes): Bytes {
  return createHmac("sha256", key).update(`${purpose}\0`).update(bytes).digest();
}

/** Compares without telling by its time where they differ. */
export function isMac(made: Bytes, shown: Bytes): boolean {
  return made.length === shown.length && timingSafeEqual(made, shown);
}
