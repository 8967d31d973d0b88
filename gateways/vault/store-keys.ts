import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, isFault, toFault, utf8 } from "../../schemas/ground/index.ts";
import { writeWhole } from "./disk.ts";
import { parseStoreKeys, type StoreKeys } from "./store-keys-shape.ts";

/** Where the file lies. */
export function storeKeysPath(dir: string): string {
  return join(dir, "store-key.json");
}

/** Whether the folder has keys of a store. */
export function hasStoreKeys(dir: string): boolean {
  return existsSync(storeKeysPath(dir));
}

/**
 * What `store-key.json` says.
 *
 * @throws {Fault} CONFIG_INVALID when it is not there, too large, or not of this format
 */
export function loadStoreKeys(dir: string): StoreKeys {
  const path = storeKeysPath(dir);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const way = "atumpan store protectors init makes it";
    throw toFault(cause, "CONFIG_INVALID", `${path} cannot be read; ${way}`);
  }
  try {
    return parseStoreKeys(text);
  } catch (cause) {
    const why = isFault(cause) ? cause.detail : "cannot be read";
    throw new Fault("CONFIG_INVALID", `${path}: ${why}; take it from the backup`, { cause });
  }
}

/** Writes the file so that an end at any moment leaves the old or the new one. @throws {Fault} STORE_WRITE_FAILED */
export function saveStoreKeys(dir: string, keys: StoreKeys): void {
  writeWhole(storeKeysPath(dir), utf8(`${JSON.stringify(keys, undefined, 2)}\n`));
}
