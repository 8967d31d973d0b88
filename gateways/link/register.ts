import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import {
  decodeRegister,
  decodeSignedPart,
  decodeSnapshot,
  encodeRegister,
  outRegisterSubject,
  type SignedPart,
} from "../../schemas/index.ts";
import { type Bytes, sameBytes, sha256, toFault } from "../../schemas/ground/index.ts";
import { type Anchors, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import type { HubConnection } from "./connect.ts";

/** A register and the bytes it was proved from. */
export interface HeldRegister {
  readonly bytes: Bytes;
  readonly view: RegisterView;
}

const timeoutMs = 10_000;
const noBytes = new Uint8Array();

/**
 * Fetches what of the register changed, piece by piece, and proves the whole against the one held.
 *
 * @returns undefined when the hub has nothing newer
 * @throws {Fault} HUB_UNREACHABLE, CODEC_MALFORMED, REGISTER_*
 */
export async function fetchRegister(
  connection: HubConnection,
  anchors: Anchors,
  held: HeldRegister,
): Promise<HeldRegister | undefined> {
  const ask = (part: string): Promise<Bytes> =>
    connection.request(outRegisterSubject(part), noBytes, timeoutMs);
  const { snapshot, snapshotSignature } = decodeRegister(await ask("snapshot"));
  const { epoch, parts: references } = decodeSnapshot(snapshot);
  // the number is the hub's word until the whole is proved below
  if (epoch <= held.view.epoch) return undefined;
  const known = decodeRegister(held.bytes).parts;
  const parts: SignedPart[] = [];
  for (const { name, digest } of references) {
    const same = known.find(
      (part) => part.name === name && sameBytes(sha256(part.content), digest),
    );
    parts.push(same ?? decodeSignedPart(await ask(name)));
  }
  const bytes = encodeRegister({ snapshot, snapshotSignature, parts });
  return { bytes, view: verifyRegister(bytes, anchors, held.view) };
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes a register to its file so that a crash leaves either the old one or the new one, whole.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function saveRegister(path: string, bytes: Bytes): void {
  try {
    const handle = openSync(`${path}.new`, "w", 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${path}.new`, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", "the register could not be written");
  }
}

/**
 * Reads and proves the register from its file.
 *
 * @param held the register trusted so far, if any
 * @throws {Fault} CONFIG_INVALID when there is no such file, REGISTER_*
 */
export function loadRegister(path: string, anchors: Anchors, held?: RegisterView): HeldRegister {
  let bytes: Bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the register's file cannot be read");
  }
  return { bytes, view: verifyRegister(bytes, anchors, held) };
}
