import {
  closeSync,
  fstatSync,
  fsyncSync,
  globSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { syncFolder } from "../../schemas/disk/index.ts";
import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { openBeside } from "./drivers/held-files.ts";
import { type Database, type FileAccess, openSqlite } from "./drivers/sqlite.ts";
import { checkQuick } from "./integrity.ts";
import { migrations } from "./migrations/index.ts";
import { numberOf } from "./row.ts";

const chunkBytes = 4 * 1024 * 1024;

/** Where the store lies as it was before it came to a version. */
export function beforePath(path: string, version: number): string {
  return `${path.replace(/\.db$/, "")}.before-${version}.db`;
}

/** The copies that upgrades left beside a store, and the version each brought; the newest first. */
export function findBefore(
  path: string,
): readonly { readonly path: string; readonly version: number }[] {
  const start = path.replace(/\.db$/, "");
  return globSync(`${start}.before-*.db`)
    .map((found) => ({ path: found, version: Number(found.slice(start.length + 8, -3)) }))
    .filter(({ version }) => Number.isSafeInteger(version))
    .toSorted((a, b) => b.version - a.version);
}

function versionOf(database: Database): number {
  return numberOf(database.prepare("PRAGMA user_version").get() ?? {}, "user_version");
}

function copyAll(from: number, target: string): void {
  const to = openSync(target, "w", 0o600);
  try {
    const { size } = fstatSync(from);
    const buffer = Buffer.alloc(chunkBytes);
    for (let at = 0; at < size;) {
      const read = readSync(from, buffer, 0, Math.min(chunkBytes, size - at), at);
      if (read === 0)
        throw new Fault("STORE_WRITE_FAILED", "the store's file is shorter than it says");
      for (let written = 0; written < read;)
        written += writeSync(to, buffer, written, read - written);
      at += read;
    }
    fsyncSync(to);
  } finally {
    closeSync(to);
  }
}

/** A copy counts when it can be read whole and is of the version it was made of. */
function checkCopy(copy: string, access: FileAccess, version: number): void {
  const database = openSqlite(copy, access);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    checkQuick(database);
    if (versionOf(database) === version) return;
    throw new Fault("STORE_WRITE_FAILED", "the copy before the upgrade is not what it was made of");
  } finally {
    database.close();
  }
}

/** A file that is being upgraded. */
interface Upgrading {
  readonly database: Database;
  readonly path: string;
  readonly access: FileAccess;
  readonly version: number;
}

/** Copies the store before anything of it is changed. */
function keepBefore({ database, path, access, version }: Upgrading): void {
  const target = beforePath(path, migrations.length);
  const part = `${target}.part`;
  const from = openBeside(path, "r");
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    copyAll(from.handle, part);
    checkCopy(part, access, version);
    renameSync(part, target);
    for (const { path: older } of findBefore(path)) if (older !== target) rmSync(older);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(part, { force: true });
    const why =
      "the store could not be copied before its upgrade; the disk needs room for a second one";
    throw isFault(error) ? error : toFault(error, "STORE_WRITE_FAILED", why);
  } finally {
    from.end();
  }
}

function migrate(database: Database, version: number): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.inTransaction()) database.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Brings an open store to this version, in one transaction. One that holds something is copied first, to
 * `store.before-<version>.db`, and the copy is checked; only the copy of the last upgrade is kept. Ended at any moment, the
 * store is the old one or the new one. `atumpan store rollback` goes back.
 *
 * @throws {Fault} STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED, INTEGRITY_STORE
 */
export function upgrade(database: Database, path: string, access: FileAccess): void {
  const version = versionOf(database);
  if (version > migrations.length) {
    throw new Fault(
      "STORE_VERSION_UNKNOWN",
      `the store has version ${version}, this program knows ${migrations.length}; start the newer program, or go back to the store before it: atumpan store rollback`,
    );
  }
  if (version === migrations.length) return;
  if (version > 0) keepBefore({ database, path, access, version });
  migrate(database, version);
}
