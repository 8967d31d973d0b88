import { existsSync } from "node:fs";

import { type EpochMs, Fault, toFault } from "../../schemas/ground/index.ts";
import type { FileAccess } from "./database.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import { checkStore, type StoreChecked } from "./integrity.ts";
import { putBack } from "./restore-file.ts";
import { copyFileWhole } from "./durable.ts";
import { findBefore } from "./upgrade.ts";

export type { StoreChecked as CheckedFile } from "./integrity.ts";

/**
 * Checks every row of a store that no process has open: structure, references, chains, and all bytes against their digests.
 * Changes nothing but the journal, which it brings into the file.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_WRITE_FAILED when a process has it open, NOT_FOUND
 */
export function checkStoreFile(path: string, access: FileAccess = {}): StoreChecked {
  if (!existsSync(path)) throw new Fault("NOT_FOUND", "there is no store in this folder");
  const database = openSqlite(path, access);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
    return checkStore(database);
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (/locked|busy/i.test(text)) {
      throw new Fault("STORE_WRITE_FAILED", "the gateway runs; stop it first", { cause: error });
    }
    throw toFault(error, "INTEGRITY_STORE", "the store's file cannot be read; put back a backup");
  } finally {
    database.close();
  }
}

/**
 * Goes back to the store as it was before the last upgrade; run by the program that is to use it then. No process has the store open.
 * What was sent after the upgrade is numbered and sent no second time: the store knows that it is a copy.
 *
 * @returns the version that store was before the upgrade to
 * @throws {Fault} NOT_FOUND when no copy is there; as `putBack`
 */
export function rollBackStore(path: string, at: EpochMs, access: FileAccess = {}): number {
  const [found] = findBefore(path);
  if (found === undefined) {
    throw new Fault("NOT_FOUND", "there is no copy of the store as it was before an upgrade");
  }
  const copy = `${path}.new`;
  copyFileWhole(found.path, copy);
  putBack({ path, copy, access, at });
  return found.version;
}
