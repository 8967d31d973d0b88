/** Adds acts of this agency that stand, or are to stand, in the hub's log; and inspections. */
export const inspections = `
  -- \`position\` is the line of the audit record that the commitment binds; \`number\` its place among the agency's acts in the
  -- log, once it was asked for.
  CREATE TABLE log_act (
    seq INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    act TEXT NOT NULL,
    at INTEGER NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    number INTEGER,
    code TEXT,
    due_at INTEGER NOT NULL,
    origin TEXT,
    leaf_index INTEGER,
    leaf BLOB,
    leaf_time INTEGER,
    size INTEGER,
    root BLOB,
    hashes BLOB,
    proved_at INTEGER,
    own_root BLOB
  ) STRICT;
  CREATE INDEX log_act_waiting ON log_act (seq) WHERE state <> 'PROVED';
  CREATE INDEX log_act_number ON log_act (number);

  CREATE TABLE inspection (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    content TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX inspection_asked ON inspection (asked_at);
  `;
