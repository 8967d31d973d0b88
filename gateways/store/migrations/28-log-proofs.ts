/** Adds what the hub's log was verified to be, and which messages were proved to stand in it. */
export const logProofs = `
  CREATE TABLE log_head (
    origin TEXT PRIMARY KEY,
    hub TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note BLOB NOT NULL,
    since INTEGER NOT NULL,
    at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_note (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (origin, size, root)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_told (
    agency TEXT NOT NULL,
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note BLOB NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    waited INTEGER NOT NULL,
    PRIMARY KEY (agency, origin)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_alarm (
    seq INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    hub TEXT NOT NULL,
    origin TEXT NOT NULL,
    at INTEGER NOT NULL,
    agency TEXT NOT NULL,
    ours BLOB,
    theirs BLOB,
    ended_at INTEGER,
    ended_by TEXT
  ) STRICT;

  CREATE TABLE log_proof (
    seq INTEGER PRIMARY KEY,
    box TEXT NOT NULL,
    originator TEXT NOT NULL,
    id BLOB NOT NULL,
    digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    salt BLOB NOT NULL,
    stream TEXT NOT NULL,
    instance TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    claimed INTEGER,
    after INTEGER NOT NULL,
    before INTEGER NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    waited INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    origin TEXT,
    leaf_index INTEGER,
    leaf BLOB,
    leaf_time INTEGER,
    size INTEGER,
    root BLOB,
    hashes BLOB,
    proved_at INTEGER,
    UNIQUE (digest, channel, box)
  ) STRICT;
  CREATE INDEX log_proof_due ON log_proof (due_at) WHERE state <> 'PROVED';
  `;
