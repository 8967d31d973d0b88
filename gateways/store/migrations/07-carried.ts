/** Adds what went or came by a carried file. */
export const carried = `
  -- Messages, by the digest of their envelope, that went or came by a file a person carried.
  CREATE TABLE carried (
    digest BLOB NOT NULL,
    agency TEXT NOT NULL,
    at INTEGER NOT NULL,
    linked_at INTEGER,
    PRIMARY KEY (digest, agency)
  ) STRICT, WITHOUT ROWID;
  `;
