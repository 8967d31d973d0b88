/** Adds the log of what was done with messages of others, and where their owners said what may be done. */
export const onward = `
  -- Without a reference to the message: whoever takes it back must still reach everybody who has it.
  CREATE TABLE onward_use (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    source BLOB NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    used_for TEXT NOT NULL,
    agency TEXT,
    country TEXT,
    body_name TEXT,
    purposes TEXT NOT NULL,
    crimes TEXT NOT NULL,
    ground TEXT NOT NULL,
    consent BLOB,
    carrier TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL
  ) STRICT;
  CREATE INDEX onward_use_source ON onward_use (source);
  CREATE INDEX onward_use_carrier ON onward_use (carrier);
  CREATE INDEX onward_use_owner ON onward_use (owner, seq);

  -- Which messages give or take consent for which others, or change how they are handled.
  CREATE TABLE owner_word (
    target BLOB NOT NULL,
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    PRIMARY KEY (target, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX owner_word_message ON owner_word (message);
  `;
