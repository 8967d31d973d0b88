import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { createPrivateKey, type KeyObject } from "node:crypto";

import { Fault } from "../../schemas/ground/index.ts";
import { makeSealingKey, type SealingKey } from "./sealing-key.ts";
import { makeSigningKey, type SigningKey } from "./signing-key.ts";

/** The file's owner alone may read or write a private key. */
const ownerOnly = 0o600;
const othersMask = 0o077;
/** A PKCS #8 file of our keys has about 250 bytes. */
const maxKeyFileBytes = 4096;

function unusable(file: string, detail: string, cause?: unknown): Fault {
  return new Fault("KEY_UNUSABLE", `${file}: ${detail}`, { cause });
}

/**
 * Writes a private key as PKCS #8 PEM to a new file that only its owner may read, and syncs it. A file
 * that is there already is never overwritten: a lost key cannot be made again.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function saveKey(file: string, key: KeyObject): void {
  let handle: number | undefined;
  try {
    handle = openSync(file, "wx", ownerOnly);
    writeSync(handle, key.export({ format: "pem", type: "pkcs8" }).toString());
    fsyncSync(handle);
  } catch (cause) {
    throw unusable(file, "the key could not be written to a new file", cause);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Reads the text through one handle, so that the file judged is the file read. */
function readPrivately(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY);
    const { mode, size } = fstatSync(handle);
    if ((mode & othersMask) !== 0) {
      throw unusable(file, "others may read this key; make it readable to its owner alone (0600)");
    }
    if (size > maxKeyFileBytes) throw unusable(file, "too large for a private key");
    return readFileSync(handle, "utf8");
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unusable(file, "the key file cannot be read", cause);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/**
 * Reads a private key from a PKCS #8 PEM file that only its owner may read.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadKey(file: string): KeyObject {
  const text = readPrivately(file);
  if (!text.startsWith("-----BEGIN PRIVATE KEY-----")) {
    throw unusable(file, "a key file holds one unencrypted PKCS #8 block and nothing before it");
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw unusable(file, "not a PKCS #8 private key", cause);
  }
}

/**
 * Reads a signing key, P-256 or Ed25519, from its file.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadSigningKey(file: string): SigningKey {
  return makeSigningKey(loadKey(file));
}

/**
 * Reads a sealing key, P-256, from its file.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadSealingKey(file: string): SealingKey {
  return makeSealingKey(loadKey(file));
}
