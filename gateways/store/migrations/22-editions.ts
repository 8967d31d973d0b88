/** Adds which messages of ours are the nominal and the regional edition of one submission. */
export const editions = `
  CREATE TABLE edition (nominal BLOB PRIMARY KEY, regional BLOB NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
  `;
