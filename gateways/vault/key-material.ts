import { closeSync, existsSync, fsyncSync, openSync, realpathSync, writeSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";

import {
  type Chance,
  Fault,
  parseBase64url,
  renderBase64url,
  toFault,
} from "../../schemas/ground/index.ts";
import { readPrivateFile } from "../../certs/keys/index.ts";

const secretBytes = 32;
const maxBytes = 256;
const maxSecretFileBytes = 4096;
const spelling = /^[A-Za-z0-9_-]{43}$/;

/** Whoever carries the folder away must not carry its key with it. */
function checkOutside(file: string, dir: string): void {
  if (!isAbsolute(file)) {
    throw new Fault("CONFIG_INVALID", `${file}: the place of a key file is an absolute path`);
  }
  const place = existsSync(dirname(file)) ? join(realpathSync(dirname(file)), "key") : file;
  const away = relative(realpathSync(dir), place);
  if (away.startsWith("..") || isAbsolute(away)) return;
  throw new Fault(
    "CONFIG_INVALID",
    `${file}: the store's key file lies outside the gateway's folder, best on another medium`,
  );
}

/**
 * The secret in a key file: 32 bytes in base64url, readable to its owner alone and outside the gateway's folder. A
 * credential that systemd lays under /run/credentials is such a file.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function readKeyFile(file: string, dir: string): Buffer {
  checkOutside(file, dir);
  const text = readPrivateFile(file, { what: "store key", maxBytes }).trim();
  if (spelling.test(text)) return Buffer.from(parseBase64url(text));
  throw new Fault("KEY_UNUSABLE", `${file}: a store's key file holds 43 letters of base64url`);
}

/**
 * Makes a key file; one that is there is used as it is.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function makeKeyFile(file: string, dir: string, chance: Chance): void {
  checkOutside(file, dir);
  if (existsSync(file)) return void readKeyFile(file, dir);
  try {
    const handle = openSync(file, "wx", 0o600);
    try {
      writeSync(handle, `${renderBase64url(chance.bytes(secretBytes))}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", `${file}: the key file could not be written`);
  }
}

/**
 * The text of a file that holds secrets for a command: readable to its owner alone.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function readSecretFile(file: string): string {
  return readPrivateFile(file, { what: "secret", maxBytes: maxSecretFileBytes });
}
