import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createPrivateKey, type KeyObject } from "node:crypto";

import { Fault } from "../../schemas/ground/index.ts";
import { type HeldKey, makeHeldKey } from "./held-key.ts";
import { readPrivateFile } from "./private-file.ts";
import { makeSealingKey, type SealingKey } from "./sealing-key.ts";
import { makeSigningKey, type SigningKey } from "./signing-key.ts";
import { isTokenPlace, parseTokenPlace } from "./token/place.ts";
import { openTokenKey } from "./token/token-key.ts";

/** The file's owner alone may read or write a private key. */
const ownerOnly = 0o600;
/** A PKCS #8 file of our keys has about 250 bytes, one of ML-DSA-65 5,604. */
const maxKeyFileBytes = 8192;

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

/**
 * Reads a private key from a PKCS #8 PEM file that only its owner may read.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadKey(file: string): KeyObject {
  const text = readPrivateFile(file, { what: "key", maxBytes: maxKeyFileBytes });
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
 * The handle of a private key at its place: a file, or a token named by a PKCS #11 URI.
 *
 * @param pin of the token, when it was typed in; else the URI names a file that holds it
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function loadHeldKey(place: string, pin?: string): HeldKey {
  return isTokenPlace(place)
    ? openTokenKey({ place: parseTokenPlace(place), pin })
    : makeHeldKey(loadKey(place));
}

/**
 * Reads a signing key, P-256, Ed25519 or ML-DSA-65, from its file; or P-256 in a token, named by a PKCS #11 URI.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function loadSigningKey(place: string): SigningKey {
  return makeSigningKey(isTokenPlace(place) ? loadHeldKey(place) : loadKey(place));
}

/**
 * Reads a sealing key, P-256, from its file.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadSealingKey(file: string): SealingKey {
  return makeSealingKey(loadKey(file));
}
