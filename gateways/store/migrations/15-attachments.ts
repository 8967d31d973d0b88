/** Adds files: handed in, fetched, and the messages that name them. */
export const attachments = `
  -- Files that callers hand in, byte by byte, under a key of their own; what they become; and the messages that name them.
  CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BLOB,
    name TEXT NOT NULL,
    strip INTEGER NOT NULL,
    key BLOB NOT NULL,
    offset INTEGER NOT NULL,
    state TEXT NOT NULL,
    detail TEXT,
    file BLOB,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attachment (
    ref BLOB PRIMARY KEY,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    key BLOB NOT NULL,
    manifest BLOB NOT NULL,
    sealed BLOB,
    who TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    made_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attachment_digest ON attachment (digest);
  CREATE INDEX attachment_wanted ON attachment (size, next_at) WHERE state = 'WANTED';
  CREATE TABLE attachment_use (
    ref BLOB NOT NULL REFERENCES attachment (ref),
    message BLOB NOT NULL,
    box TEXT NOT NULL,
    rank INTEGER NOT NULL,
    next_at INTEGER,
    stored_at INTEGER,
    PRIMARY KEY (ref, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attachment_use_due ON attachment_use (next_at) WHERE next_at IS NOT NULL;
  `;
