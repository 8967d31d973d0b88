import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import { syncFolder } from "../../schemas/disk/index.ts";
import { type EpochMs, Fault, isFault, renderHex, toFault } from "../../schemas/ground/index.ts";
import { type Database, type FileAccess, openSqlite } from "./drivers/sqlite.ts";
import { checkDeep, checkQuick } from "./integrity.ts";
import { migrations } from "./migrations/index.ts";
import { markRestored } from "./restore.ts";
import { bytesOf, numberOf } from "./row.ts";

/** A copy that is to become the store. */
export interface PutBack {
  /** The store's file. No process has it open. */
  readonly path: string;
  /** The copy, in the same folder; it is the store afterwards. */
  readonly copy: string;
  /** How the copy is opened; the store too, as far as it is there. */
  readonly access?: FileAccess | undefined;
  readonly at: EpochMs;
  readonly copiedAt?: EpochMs | undefined;
}

/** Where the store that was there before lies afterwards. */
export function replacedPath(path: string): string {
  return `${path}.replaced`;
}

function checkVersion(version: number): void {
  if (version > 0 && version <= migrations.length) return;
  throw new Fault(
    "STORE_VERSION_UNKNOWN",
    `the copy has version ${version}, this program knows 1 to ${migrations.length}; use the program that made it`,
  );
}

/** Checks the copy whole and marks it as put back. It is one file without a journal afterwards. */
function prepare({ copy, access, at, copiedAt }: PutBack, recordEnd: string | undefined): void {
  const database = openSqlite(copy, access);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"); // prettier-ignore
    checkQuick(database);
    checkVersion(numberOf(database.prepare("PRAGMA user_version").get() ?? {}, "user_version"));
    checkDeep(database);
    database.exec("BEGIN IMMEDIATE");
    markRestored(database, { at, copiedAt, recordEnd });
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}

/** Where a store's audit record ends; undefined when it has none. */
function readRecordEnd(database: Database): string | undefined {
  const last = "SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1";
  const row = database.prepare(last).get();
  return row && `${numberOf(row, "position")}.${renderHex(bytesOf(row, "hash"))}`;
}

/**
 * Brings the journal of the store that is there into its file, so that none lies beside the next one. Says where its audit
 * record ends, as far as it can be read.
 */
function settleOld(path: string, access: FileAccess | undefined): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const database = openSqlite(path, access);
    try {
      database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"); // prettier-ignore
      return readRecordEnd(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isLocked(error)) return undefined;
    throw new Fault("STORE_WRITE_FAILED", "the gateway runs; stop it first", { cause: error });
  }
}

/** A journal that is left belongs to a file that cannot be read: beside another file it would be harm. */
function dropJournal(path: string): void {
  for (const end of ["-wal", "-shm", "-journal"]) {
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${replacedPath(path)}${end}`);
  }
}

function keepOld(path: string): void {
  if (!existsSync(path)) return;
  for (const end of ["", "-wal", "-shm", "-journal"]) {
    rmSync(`${replacedPath(path)}${end}`, { force: true });
  }
  linkSync(path, replacedPath(path));
}

/**
 * Makes a copy the store. The copy is checked whole first; the store that was there lies beside it afterwards. Ended at any
 * moment, the old store is there or the new one, whole. The new one knows that it is a copy: it numbers in a new series, and
 * sends and takes submissions again when the hub has said what came since.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED
 */
export function putBack(wish: PutBack): void {
  const { path, copy, access } = wish;
  try {
    prepare(wish, settleOld(path, access));
    keepOld(path);
    dropJournal(path);
    renameSync(copy, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (isFault(error)) throw error;
    const text = error instanceof Error ? error.message : "";
    if (/malformed|not a database|corrupt/.test(text)) {
      throw new Fault("INTEGRITY_STORE", "the copy is damaged; take another one", { cause: error });
    }
    throw toFault(error, "STORE_WRITE_FAILED", "the copy could not be put in the store's place");
  }
}
