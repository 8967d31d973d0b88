/** Adds what a seat of oversight counted in hubs' logs. */
export const oversight = `
  CREATE TABLE oversight_log (
    origin TEXT PRIMARY KEY,
    hub TEXT NOT NULL,
    size INTEGER NOT NULL,
    edge BLOB NOT NULL,
    note BLOB NOT NULL,
    since INTEGER NOT NULL,
    at INTEGER NOT NULL,
    halted INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Entries of one day that are alike in all that a log says of them but who and which one.
  CREATE TABLE oversight_cell (
    seq INTEGER PRIMARY KEY,
    origin TEXT NOT NULL REFERENCES oversight_log (origin) ON DELETE CASCADE,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    rec TEXT NOT NULL,
    crime TEXT NOT NULL,
    handling TEXT NOT NULL,
    family TEXT NOT NULL,
    type TEXT NOT NULL,
    country TEXT NOT NULL,
    act TEXT NOT NULL,
    -- after its last position
    until INTEGER NOT NULL,
    UNIQUE (origin, day, kind, rec, crime, handling, family, type, country, act)
  ) STRICT;

  -- Its positions in the log, a few hundred to a row.
  CREATE TABLE oversight_positions (
    cell INTEGER NOT NULL REFERENCES oversight_cell (seq) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (cell, piece)
  ) STRICT, WITHOUT ROWID;
  `;
