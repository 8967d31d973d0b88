import { closeSync, openSync, readSync } from "node:fs";

import { type Bytes, concatBytes, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { heldKeyName } from "./held-files.ts";

const idBytes = 16;
const plainBeginning = utf8("SQLite format 3\0");

/** What `findKeyId` says of a file that is opened with this key, or without one. */
export function keyNameOf(key: Bytes | undefined): string {
  return key === undefined ? "PLAIN" : renderHex(keyIdOf(key));
}

/** The name of a store's key, 16 bytes; of a key of 256 random bits it says nothing that helps to find it. */
export function keyIdOf(key: Bytes): Bytes {
  return sha256(concatBytes(utf8("atumpan store key\0"), key)).subarray(0, idBytes);
}

/**
 * What the first bytes of a store's file say: `NONE` when there is no file or nothing in it, `PLAIN`, or the name of the
 * key it lies under as 32 hexadecimal digits. Reads those bytes and nothing else; of a file that is open as a store in
 * this process, whose lock that would end, it says what it was opened with.
 */
export function findKeyId(path: string): string {
  const known = heldKeyName(path);
  if (known !== undefined) return known;
  let handle: number;
  try {
    handle = openSync(path, "r");
  } catch {
    return "NONE";
  }
  try {
    const first = Buffer.alloc(idBytes);
    if (readSync(handle, first, 0, idBytes, 0) < idBytes) return "NONE";
    return first.equals(plainBeginning) ? "PLAIN" : renderHex(first);
  } finally {
    closeSync(handle);
  }
}
