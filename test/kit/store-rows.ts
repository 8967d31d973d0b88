import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Database from "better-sqlite3-multiple-ciphers";

/** Everything that stands in the tables of a plain store, as one digest for each table: equal when nothing was changed. */
export function digestStore(file: string): Readonly<Record<string, string>> {
  // whoever has the store open keeps it to himself, so a copy is read
  const folder = mkdtempSync(join(tmpdir(), "rows-"));
  for (const end of ["", "-wal"]) {
    if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, join(folder, `store.db${end}`));
  }
  const database = new Database(join(folder, "store.db"), { timeout: 1_000, readonly: false });
  try {
    const names = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all() as { name: string }[];
    return Object.fromEntries(
      names.map(({ name }) => {
        const rows: unknown[] = database.prepare(`SELECT * FROM "${name}"`).all();
        return [name, createHash("sha256").update(JSON.stringify(rows)).digest("hex")];
      }),
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}
