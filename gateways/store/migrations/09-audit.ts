/** Adds the audit record, and who opened which message. */
export const audit = `
  -- Who did and read what, each line holding the digest of the line before. A line is never changed, and taken away only from
  -- the front, after an anchor was written that says where the record begins from then on.
  CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    object TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT NOT NULL,
    count INTEGER NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_who ON audit (who, at);
  CREATE TABLE audit_anchor (
    position INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    cut_position INTEGER NOT NULL,
    statement BLOB NOT NULL,
    signature TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_kept BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'a line of the audit record is never changed'); END;
  CREATE TRIGGER audit_held BEFORE DELETE ON audit
    WHEN OLD.position > (SELECT coalesce(max(cut_position), 0) FROM audit_anchor)
    BEGIN SELECT RAISE(ABORT, 'the audit record is cut only where an anchor says so'); END;

  -- Messages of others that were read here: who read each first, in order, and how often its sender was told.
  CREATE TABLE opened (
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    who TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    at INTEGER NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (message, who)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX opened_told ON opened (told, at);
  -- What readers told us of opening ours. Ordinal 0: the reader says that it does not tell.
  CREATE TABLE opened_by (
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    reader TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    at INTEGER NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipt (seq),
    PRIMARY KEY (message, reader, ordinal)
  ) STRICT, WITHOUT ROWID;
  `;
