/** Adds what records and notices are found by. */
export const lookups = `
  -- What records and notices are found by: identifiers as they are compared; of a run of numbers the first and the last.
  CREATE TABLE lookup_key (
    seq INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    last TEXT,
    country TEXT,
    detail TEXT,
    basis TEXT NOT NULL
  ) STRICT;
  CREATE INDEX lookup_value ON lookup_key (kind, value) WHERE last IS NULL;
  CREATE INDEX lookup_run ON lookup_key (kind, length(value), value) WHERE last IS NOT NULL;

  -- What owners said of messages of theirs: taken back, blocked, let go again, corrected. Kept by id, since it may come first.
  CREATE TABLE lookup_stop (
    seq INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    target BLOB NOT NULL,
    originator TEXT NOT NULL,
    word TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX lookup_stop_target ON lookup_stop (target, originator);
  `;
