import { chmodSync, existsSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { migrations } from "./migrations.ts";
import { numberOf, type Row, textOf } from "./row.ts";

/** A statement compiled once and kept. */
export interface Statement {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): readonly Row[];
  /** The row id of an insertion and the number of rows it touched. */
  run(...values: SQLInputValue[]): { readonly seq: number; readonly changes: number };
}

/** The one open file of a gateway. Everything in it is synchronous. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Whether a transaction is open; SQLite ends one by itself when the disk is full. */
  inTransaction(): boolean;
  close(): void;
}

/**
 * Memory per open store: 512 KiB of pages. The journal is written through to the disk before a commit
 * returns (FULL), and the lock is exclusive: a second process on one outbox would fork its slips. What only
 * undoes a savepoint stays in memory: in a file it cost some forty writes for each message submitted. What is
 * erased is overwritten: keys are among it.
 */
const pragmas = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -512;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 8388608;
  PRAGMA trusted_schema = OFF;
  PRAGMA secure_delete = ON;
`;

function wrap(file: DatabaseSync): Database {
  return {
    prepare: (sql) => {
      const statement = file.prepare(sql);
      return {
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
        run: (...values) => {
          const { lastInsertRowid, changes } = statement.run(...values);
          return { seq: Number(lastInsertRowid), changes: Number(changes) };
        },
      };
    },
    exec: (sql) => file.exec(sql),
    inTransaction: () => file.isTransaction,
    close: () => file.close(),
  };
}

function checkWhole(database: Database): void {
  const found = database.prepare("PRAGMA quick_check(1)").get();
  if (found === undefined || textOf(found, "quick_check") !== "ok") {
    throw new Fault("INTEGRITY_STORE", "the store's file is damaged; restore it from its copy");
  }
}

function migrate(database: Database): void {
  const row = database.prepare("PRAGMA user_version").get() ?? {};
  const version = numberOf(row, "user_version");
  if (version > migrations.length) {
    throw new Fault(
      "STORE_VERSION_UNKNOWN",
      `the store has version ${version}, we know ${migrations.length}`,
    );
  }
  database.exec("BEGIN IMMEDIATE");
  for (const step of migrations.slice(version)) database.exec(step);
  database.exec(`PRAGMA user_version = ${migrations.length}`);
  database.exec("COMMIT");
}

function meaningOf(cause: unknown): Fault {
  if (isFault(cause)) return cause;
  const text = cause instanceof Error ? cause.message : "";
  if (/malformed|not a database|corrupt/.test(text)) {
    return new Fault("INTEGRITY_STORE", "the store's file is damaged; restore it from its copy", {
      cause,
    });
  }
  if (text.includes("locked")) {
    return new Fault("STORE_WRITE_FAILED", "another process has this store open", { cause });
  }
  return toFault(cause, "STORE_WRITE_FAILED", "the store's file cannot be opened for writing");
}

/**
 * Opens the store, makes it when there is none, and brings it to this version. The file is readable by its
 * owner alone. On return it was checked for damage and locked.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED
 */
export function openDatabase(path: string): Database {
  let file: DatabaseSync | undefined;
  try {
    if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    file = new DatabaseSync(path, { timeout: 0 });
    file.exec(pragmas);
    const database = wrap(file);
    checkWhole(database);
    migrate(database);
    return database;
  } catch (cause) {
    file?.close();
    throw meaningOf(cause);
  }
}
