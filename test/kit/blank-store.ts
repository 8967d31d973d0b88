import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Database from "better-sqlite3-multiple-ciphers";

import { openStore } from "../../gateways/store/index.ts";

let blank: Buffer | undefined;

/** The file of a store in which nothing is yet, made once in a process: half of what a first start costs is its tables. */
function readBlank(): Buffer {
  if (blank !== undefined) return blank;
  const folder = mkdtempSync(join(tmpdir(), "blank-"));
  try {
    const path = join(folder, "store.db");
    openStore(path).close();
    return (blank = readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Lays a plain store in which nothing is yet where the first start of a gateway finds it, as if that had made it: with secrets
 * of its own.
 */
export function layBlankStore(path: string): void {
  writeFileSync(path, readBlank(), { mode: 0o600 });
  const database = new Database(path, { timeout: 1_000, readonly: false });
  try {
    // nobody pulls the plug between here and the start
    database.exec("PRAGMA synchronous = OFF");
    const isSecret = "length(value) >= 32 AND value NOT GLOB '*[^0-9a-f]*'";
    database.exec(
      `UPDATE setting SET value = lower(hex(randomblob(length(value) / 2))) WHERE ${isSecret}`,
    );
  } finally {
    database.close();
  }
}
