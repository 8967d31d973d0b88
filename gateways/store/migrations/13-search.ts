/** Adds search, drafts and exports. */
export const search = `
  -- What messages are found by: their words, folded, the names in them, how those sound, and codes. What is taken out is
  -- overwritten, not only marked. message_due stands for every message that is indexed.
  CREATE VIRTUAL TABLE search USING fts5(text, names, sounds, codes, tokenize = "ascii tokenchars '_'", columnsize = 0);
  INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
  -- a message that goes takes its words with it, or the next in its place could not be indexed
  CREATE TRIGGER message_unfound AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = old.seq;
  END;
  CREATE TABLE message_due (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    box TEXT NOT NULL,
    class TEXT NOT NULL,
    due_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX message_due_at ON message_due (box, due_at, message, class);
  CREATE INDEX message_stored ON message (stored_at, seq);

  -- Messages that are being written. An id is taken for ever: it is the Idempotency-Key of what the draft becomes.
  CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    shared INTEGER NOT NULL,
    content TEXT NOT NULL,
    type TEXT NOT NULL,
    handling TEXT NOT NULL,
    version INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    message TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_owner ON draft (owner, changed_at);
  CREATE INDEX draft_ends ON draft (ends_at);

  -- Exports that were asked for: which messages, and who said yes. No content stands here.
  CREATE TABLE export (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    wish TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    messages TEXT NOT NULL,
    personal INTEGER NOT NULL,
    decided_by TEXT,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX export_ends ON export (ends_at);
  `;
