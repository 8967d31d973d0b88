/** Adds how far the leaves of a log were read, and those in our name that are not known to be ours. */
export const logWatch = `
  CREATE TABLE log_watch (
    hub TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    edge BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_suspect (
    origin TEXT NOT NULL,
    leaf_index INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    alarmed_at INTEGER,
    PRIMARY KEY (origin, leaf_index)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX log_proof_place ON log_proof (stream, sequence);
  `;
