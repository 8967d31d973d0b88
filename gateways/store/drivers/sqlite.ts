import Sqlite from "better-sqlite3-multiple-ciphers";

import { type Bytes, renderHex, utf8 } from "../../../schemas/ground/index.ts";
import { holdFile } from "./held-files.ts";
import { keyIdOf, keyNameOf } from "./key-id.ts";

/** What a column may hold. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** One row as SQLite gives it: values by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A statement compiled once and kept. */
export interface Statement {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): readonly SqlRow[];
  /** The row id of an insertion and the number of rows it touched. */
  run(...values: SqlValue[]): { readonly seq: number; readonly changes: number };
}

/** The one open file of a gateway. Everything in it is synchronous. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Whether a transaction is open; SQLite ends one by itself when the disk is full. */
  inTransaction(): boolean;
  close(): void;
}

/** How a file is opened. */
export interface FileAccess {
  /** 32 bytes; without it the file is plain. The caller may erase it as soon as the file is open. */
  readonly key?: Bytes | undefined;
  readonly isReadOnly?: boolean | undefined;
}

/** The driver binds every number as a fraction; SQL means whole ones, and a column of any kind would keep the fraction. */
function bound(values: readonly SqlValue[]): readonly SqlValue[] {
  return values.map((value) => (Number.isSafeInteger(value) ? BigInt(Number(value)) : value));
}

/** An open file, and what is done after it was closed. */
interface OpenFile {
  readonly file: Sqlite;
  readonly close: () => void;
}

function wrap({ file, close }: OpenFile): Database {
  return {
    prepare: (sql) => {
      const statement = file.prepare(sql);
      return {
        get: (...values) => statement.get(...bound(values)),
        all: (...values) => statement.all(...bound(values)),
        run: (...values) => {
          const { lastInsertRowid, changes } = statement.run(...bound(values));
          return { seq: Number(lastInsertRowid), changes };
        },
      };
    },
    exec: (sql) => void file.exec(sql),
    inTransaction: () => file.inTransaction,
    close,
  };
}

/** The cipher takes the key itself, no password, and the name of the key that stands in front of the file. */
function renderKey(key: Bytes): Buffer {
  return Buffer.from(utf8(`raw:${renderHex(key)}${renderHex(keyIdOf(key))}`));
}

function setKey(file: Sqlite, key: Bytes, act: "key" | "rekey"): void {
  const text = renderKey(key);
  try {
    file[act](text);
  } finally {
    text.fill(0);
  }
}

function openFile(path: string, { key, isReadOnly = false }: FileAccess): OpenFile {
  const file = new Sqlite(path, { timeout: 0, readonly: isReadOnly });
  const letGo = holdFile({ path, keyName: keyNameOf(key), holder: file });
  const close = (): void => {
    file.close();
    letGo();
  };
  try {
    if (key === undefined) return { file, close };
    file.exec("PRAGMA cipher = 'chacha20'");
    setKey(file, key, "key");
    return { file, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Opens a file as SQLite, plain or under a key, by the same engine. Nothing of it was read yet: whether the key
 * fits is for the caller to know (`findKeyId`).
 *
 * Under a key every page, of the file and of its journal, is ChaCha20-Poly1305 (RFC 8439) with a nonce of its own and
 * bound to its number: a page that was changed or moved is not read. The first 16 bytes name the key, the eight after
 * them the size of pages; nothing else can be told but the file's length.
 *
 * @throws {Error} what SQLite refuses with
 */
export function openSqlite(path: string, access: FileAccess = {}): Database {
  return wrap(openFile(path, access));
}

/**
 * Writes every page of a file anew under another key, in place: of a copy that nobody else has open. On return it is
 * whole on the disk and has no journal beside it. An end in the middle leaves a copy that is worth nothing.
 *
 * @throws {Error} what SQLite refuses with
 */
export function rekeySqlite(path: string, from: Bytes | undefined, to: Bytes): void {
  const { file, close } = openFile(path, { key: from });
  try {
    // what a journal of the old pages would give back is not wanted: a copy that failed is thrown away
    file.exec("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF");
    file.exec("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
    if (from === undefined) file.exec("PRAGMA cipher = 'chacha20'");
    setKey(file, to, "rekey");
  } finally {
    close();
  }
} // prettier-ignore
