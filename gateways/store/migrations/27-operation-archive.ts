/** Adds what is left of operations that are over. */
export const operationArchive = `
  CREATE TABLE operation_archive (
    operation BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `;
