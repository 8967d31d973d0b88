import { chmodSync, existsSync, closeSync, openSync } from "node:fs";

import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { findKeyId, keyNameOf } from "./drivers/key-id.ts";
import { type Database, type FileAccess, openSqlite } from "./drivers/sqlite.ts";
import { checkQuick } from "./integrity.ts";
import { upgrade } from "./upgrade.ts";

export type { Database, FileAccess, Statement } from "./drivers/sqlite.ts";

/**
 * Memory per open store: 4 MiB of pages; with 512 KiB a message that is taken into a store of 100,000 read 23 pages anew, so
 * 8, and under a key each is deciphered. The journal is written through to the disk before a commit
 * returns (FULL), and the lock is exclusive: a second process on one outbox would fork its slips. What only
 * undoes a savepoint stays in memory: in a file it cost some forty writes for each message submitted. What is
 * erased is overwritten: keys are among it.
 */
const pragmas = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -4096;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 8388608;
  PRAGMA trusted_schema = OFF;
  PRAGMA secure_delete = ON;
`;

function meaningOf(cause: unknown): Fault {
  if (isFault(cause)) return cause;
  const text = cause instanceof Error ? cause.message : "";
  // the last is how the text index says that its pages cannot be read
  if (/malformed|not a database|corrupt|vtable constructor failed/.test(text)) {
    return new Fault("INTEGRITY_STORE", "the store's file is damaged; restore it from its copy", {
      cause,
    });
  }
  if (text.includes("locked")) {
    return new Fault("STORE_WRITE_FAILED", "another process has this store open", { cause });
  }
  return toFault(cause, "STORE_WRITE_FAILED", "the store's file cannot be opened for writing");
}

/** Asked before SQLite is: to it a wrong key and a damaged file are one, and people must know which it is. */
function checkKeyFits(path: string, { key }: FileAccess): void {
  const found = findKeyId(path);
  const wanted = keyNameOf(key);
  if (found === "NONE" || found === wanted) return;
  const why =
    found === "PLAIN"
      ? "the store is not encrypted yet: atumpan store protectors init encrypts it"
      : "the store lies under another key than this, or its first bytes are damaged";
  throw new Fault("STORE_KEY_WRONG", why);
}

/**
 * Opens the store, makes it when there is none, and brings it to this version. The file is readable by its
 * owner alone. On return it was checked for damage and locked. With a key every page is encrypted; the caller may
 * erase his copy of the key then. A key that is not the store's is refused before anything of the file is touched.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_KEY_WRONG, STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED
 */
export function openDatabase(path: string, access: FileAccess = {}): Database {
  let database: Database | undefined;
  try {
    checkKeyFits(path, access);
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    database = openSqlite(path, access);
    database.exec(pragmas);
    checkQuick(database);
    upgrade(database, path, access);
    return database;
  } catch (cause) {
    database?.close();
    throw meaningOf(cause);
  }
}
