import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";

import { z } from "zod";

import { Fault, toFault } from "../../schemas/ground/index.ts";
import { importAccountSeed, makeNkey, type Nkey, seedNkeyBytes } from "./nkeys.ts";

/**
 * The nkeys of one hub, made once. The issuer's can place anyone in any account, so the file is as
 * precious as the hub's signing key.
 */
export interface HubKeys {
  /** Signs logins. */
  readonly issuer: Nkey;
  /** Users that log in without the callout: who answers logins, who owns the streams, who runs the server. */
  readonly callout: Nkey;
  readonly hub: Nkey;
  readonly system: Nkey;
  /** Login requests are sealed to it. */
  readonly curve: Nkey;
}

const nkey = z.strictObject({ publicKey: z.string(), seed: z.string() });
const hubKeys = z.strictObject({
  issuer: nkey,
  callout: nkey,
  hub: nkey,
  system: nkey,
  curve: nkey,
});

/** Makes the nkeys of a new hub. */
export function makeHubKeys(): HubKeys {
  return {
    issuer: makeNkey("A"),
    callout: makeNkey("U"),
    hub: makeNkey("U"),
    system: makeNkey("U"),
    curve: makeNkey("X"),
  };
}

/**
 * Writes the keys to a new file that only its owner may read, and syncs it. Never overwrites.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function saveHubKeys(file: string, keys: HubKeys): void {
  let handle: number | undefined;
  try {
    handle = openSync(file, "wx", 0o600);
    writeSync(handle, `${JSON.stringify(keys, null, 2)}\n`);
    fsyncSync(handle);
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", `${file}: the hub's keys could not be written`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function readPrivately(file: string): string {
  const handle = openSync(file, constants.O_RDONLY);
  try {
    if ((fstatSync(handle).mode & 0o077) !== 0) {
      throw new Fault("KEY_UNUSABLE", `${file}: others may read it; make it 0600`);
    }
    return readFileSync(handle, "utf8");
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads the keys of a hub from a file that only its owner may read.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function loadHubKeys(file: string): HubKeys {
  try {
    const keys = hubKeys.parse(JSON.parse(readPrivately(file)));
    importAccountSeed(keys.issuer.seed);
    for (const user of [keys.callout, keys.hub, keys.system]) seedNkeyBytes(user.seed, "U");
    seedNkeyBytes(keys.curve.seed, "X");
    return keys;
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", `${file}: not the keys of a hub`);
  }
}
